import type { Line } from "@tether/aws/invocation";
import { isProblem, type Problem, type ProblemDetails, problems, problemType } from "@tether/protocol/problem";
import type { Env } from "./env.ts";

/** The part of a request's context that an answer needs. */
export type Asked = { readonly var: { readonly env: Pick<Env, "clock" | "settings">; readonly line: Line } };

/** RFC 9457. */
export function refuse(c: Asked, { problem: code, fields }: Problem, more: Record<string, string> = {}): Response {
  const { status, says, remedy } = problems[code];
  const { clock, settings } = c.var.env;
  const details: ProblemDetails = {
    type: problemType(settings.corsOrigins[0] ?? settings.origin, code),
    title: says,
    status,
    detail: remedy,
    code,
    ...(fields && { fields: [...fields] }),
    serverTime: clock.now(),
  };
  c.var.line.outcome = code;
  const headers = { "content-type": "application/problem+json", ...(status === 401 && { "www-authenticate": "Bearer" }), ...more };
  return new Response(JSON.stringify(details), { status, headers });
}

/** A domain function's result: its value as JSON, or the problem it met. */
export function answer<T extends object>(c: Asked, result: T | Problem, status: 200 | 201 = 200): Response {
  if (isProblem(result)) return refuse(c, result);
  c.var.line.outcome = "ok";
  // Codes, tickets and credentials are among them.
  return Response.json(result, { status, headers: { "cache-control": "no-store" } });
}

/** The same for what has no value. */
export function done(c: Asked, result: Problem | undefined): Response {
  if (result) return refuse(c, result);
  c.var.line.outcome = "ok";
  return new Response(null, { status: 204 });
}
