import * as credential from "./credential.ts";
import * as grant from "./grant.ts";
import * as robot from "./robot.ts";
import * as service from "./service.ts";
import * as session from "./session.ts";
import * as ticket from "./ticket.ts";
import * as user from "./user.ts";

/** All routes of the HTTP API, by the names of their operations. */
export const routes = { ...service, ...robot, ...grant, ...credential, ...session, ...ticket, ...user } as const;
