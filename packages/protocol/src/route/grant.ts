import { Grant, GrantGive, GrantPage, GrantTake } from "../http/grant.ts";
import { PageQuery } from "../http/page.ts";
import { RobotPath } from "./path.ts";
import type { Route } from "./route.ts";

export const assignGrant = {
  id: "assignGrant",
  method: "PUT",
  path: "/v1/robots/{robot}/grants",
  summary: "Give someone a role on the robot",
  security: "user",
  params: RobotPath,
  body: GrantGive,
  answer: Grant,
} as const satisfies Route;

export const listGrants = {
  id: "listGrants",
  method: "GET",
  path: "/v1/robots/{robot}/grants",
  summary: "List who may do what",
  security: "user",
  params: RobotPath,
  query: PageQuery,
  answer: GrantPage,
} as const satisfies Route;

export const revokeGrant = {
  id: "revokeGrant",
  method: "DELETE",
  path: "/v1/robots/{robot}/grants",
  summary: "Take someone's role away and end the sessions that stand on it",
  security: "user",
  params: RobotPath,
  query: GrantTake,
} as const satisfies Route;
