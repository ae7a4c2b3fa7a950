import { ProblemDetails } from "@tether/protocol/problem";
import type { Route, Security } from "@tether/protocol/route/route";
import { describeRoute, resolver } from "hono-openapi";
import { examples } from "./example.ts";

type Responses = NonNullable<Parameters<typeof describeRoute>[0]["responses"]>;

/** The OpenAPI document's names for the proofs that routes ask for. Without a name, a robot's key signs the body, which OpenAPI has no scheme for. */
const schemes: Readonly<Record<Security, { [scheme: string]: string[] }[]>> = {
  user: [{ token: [] }],
  key: [],
  either: [{ token: [] }, {}],
  none: [],
};

const idempotencyKey = {
  name: "idempotency-key",
  in: "header" as const,
  required: false,
  description: "The same key lets the same request be sent again without being done twice.",
  schema: { type: "string" as const },
};

/** How a route stands in the OpenAPI document. Every route may answer a problem. */
export function describe({ id, summary, security, idempotent, status = 200, answer }: Route) {
  const example = examples[id]?.answer;
  const success: Responses = answer
    ? { [status]: { description: summary, content: { "application/json": { schema: resolver(answer), ...(example && { example }) } } } }
    : { 204: { description: summary } };
  const problem = {
    description: "A problem (RFC 9457).",
    content: { "application/problem+json": { schema: resolver(ProblemDetails), example: examples.problem?.answer } },
  };
  return describeRoute({
    operationId: id,
    summary,
    security: schemes[security],
    responses: { ...success, default: problem },
    ...(idempotent && { parameters: [idempotencyKey] }),
  });
}
