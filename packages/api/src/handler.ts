import { handle } from "hono/aws-lambda";
import { createApp } from "./app.ts";
import type { Env } from "./env.ts";

export type Handler = ReturnType<typeof handle>;

/** The HTTP API as API Gateway calls it, payload format 2.0. */
export function createHandler(env: Env): Handler {
  return handle(createApp(env));
}
