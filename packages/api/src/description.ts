import { ProblemDetails } from "@tether/protocol/problem";
import { describeRoute, resolver } from "hono-openapi";
import type * as z from "zod/mini";

type Responses = NonNullable<Parameters<typeof describeRoute>[0]["responses"]>;

/** How a route stands in the OpenAPI document. Every route may answer a problem. */
export function describe(summary: string, returns?: { status?: 200 | 201; body: z.ZodMiniType }) {
  const { status = 200, body } = returns ?? {};
  const success: Responses = body
    ? { [status]: { description: summary, content: { "application/json": { schema: resolver(body) } } } }
    : { 204: { description: summary } };
  const problem = { description: "A problem (RFC 9457).", content: { "application/problem+json": { schema: resolver(ProblemDetails) } } };
  return describeRoute({ summary, responses: { ...success, default: problem } });
}
