export { me } from "./me.ts";
export { revoke } from "./revoke.ts";
