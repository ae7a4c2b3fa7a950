export { isOnCurve } from "./curve.ts";
export type { Dates } from "./key.ts";
export { list } from "./list.ts";
export type { Asserted } from "./prove.ts";
export { register } from "./register.ts";
export { revoke } from "./revoke.ts";
export { rotate } from "./rotate.ts";
export { thumbprint } from "./thumbprint.ts";
