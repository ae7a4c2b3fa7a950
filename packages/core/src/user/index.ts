export { me } from "./me.ts";
export { revoke } from "./revoke.ts";
export { foreign, type SignIns } from "./sign-ins.ts";
