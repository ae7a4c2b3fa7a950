export { type Access, accessTo } from "./access.ts";
export { admins, type Caller, granteesOf } from "./caller.ts";
