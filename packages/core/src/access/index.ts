export { type Access, accessTo } from "./access.ts";
export { actorOf, admins, type Caller, granteesOf } from "./caller.ts";
export { unrevoked } from "./revoked.ts";
