import { Health } from "../http/health.ts";
import { IceServers } from "../http/ice.ts";
import { SignIn } from "../http/sign-in.ts";
import type { Route } from "./route.ts";

export const getHealth = {
  id: "getHealth",
  method: "GET",
  path: "/v1/health",
  summary: "Whether the API is up, and its time",
  security: "none",
  answer: Health,
} as const satisfies Route;

export const getSignIn = {
  id: "getSignIn",
  method: "GET",
  path: "/v1/sign-in",
  summary: "Where users sign in",
  security: "none",
  answer: SignIn,
} as const satisfies Route;

export const getIceServers = {
  id: "getIceServers",
  method: "GET",
  path: "/v1/ice-servers",
  summary: "STUN and TURN servers for a connection that restarts now",
  security: "user",
  answer: IceServers,
} as const satisfies Route;
