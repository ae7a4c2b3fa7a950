import { Me, UserRevoke, UserRevoked } from "../http/user.ts";
import type { Route } from "./route.ts";

export const getMe = {
  id: "getMe",
  method: "GET",
  path: "/v1/users/me",
  summary: "Who the token names",
  security: "user",
  answer: Me,
} as const satisfies Route;

export const revokeUser = {
  id: "revokeUser",
  method: "POST",
  path: "/v1/users/revoke",
  summary: "Sign a user out everywhere, at the identity provider too; oneself, or anyone as an admin",
  security: "user",
  query: UserRevoke,
  answer: UserRevoked,
} as const satisfies Route;
