import { createAuthorizer } from "./authorizer.ts";
import { createConnect } from "./connect.ts";
import { createDefault } from "./default.ts";
import { createDisconnect } from "./disconnect.ts";
import type { Env } from "./env.ts";

/** The broker: what API Gateway calls, by route. */
export function createHandlers(env: Env) {
  return { authorizer: createAuthorizer(env), connect: createConnect(env), default: createDefault(env), disconnect: createDisconnect(env) };
}
