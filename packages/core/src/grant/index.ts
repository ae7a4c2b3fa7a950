export { assign } from "./assign.ts";
export { list } from "./list.ts";
export { revoke } from "./revoke.ts";
