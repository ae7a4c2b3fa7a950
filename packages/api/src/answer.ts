import type { Line } from "@tether/aws/invocation";
import { isProblem, type Problem, type ProblemDetails, problems } from "@tether/protocol/problem";
import type { Env } from "./env.ts";

/** The part of a request's context that an answer needs. */
export type Asked = { readonly var: { readonly env: Pick<Env, "clock">; readonly line: Line } };

/** RFC 9457. */
export function refuse(c: Asked, { problem: code, fields }: Problem, more: Record<string, string> = {}): Response {
  const { status, says, remedy } = problems[code];
  const details: ProblemDetails = {
    type: `urn:tether:problem:${code}`,
    title: says,
    status,
    detail: remedy,
    code,
    ...(fields && { fields: [...fields] }),
    serverTime: c.var.env.clock.now(),
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
