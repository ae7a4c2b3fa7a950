import { limits } from "@tether/protocol/limits";
import type { Clock } from "../clock/clock.ts";
import type { AuthorizerContext, AuthorizerEvent, AuthorizerResult, Handlers } from "./event.ts";
import type { Invoke, Outcome } from "./invoke.ts";
import { allows } from "./policy.ts";
import { type Refusal, refusal } from "./refusal.ts";

export type Authorized = { authorizer: AuthorizerContext };

function isFlat(context: unknown): context is Record<string, string | number | boolean> {
  if (typeof context !== "object" || context === null || Array.isArray(context)) return false;
  return Object.values(context).every((value) => ["string", "number", "boolean"].includes(typeof value));
}

function isResult(value: unknown): value is AuthorizerResult {
  if (typeof value !== "object" || value === null) return false;
  const { principalId, policyDocument, context = {} } = value as Partial<AuthorizerResult>;
  return typeof principalId === "string" && Array.isArray(policyDocument?.Statement) && isFlat(context);
}

function policyOf(outcome: Outcome<AuthorizerResult>, methodArn: string): AuthorizerResult | Refusal {
  if (outcome.is === "threw") {
    // The one message API Gateway knows: everything else that is thrown is a misconfiguration to it.
    return outcome.error instanceof Error && outcome.error.message === "Unauthorized" ? refusal(401) : refusal(500);
  }
  if (outcome.is !== "returned" || !isResult(outcome.value)) return refusal(500);
  if (Buffer.byteLength(JSON.stringify(outcome.value)) > limits.gateway.authorizerBytes) return refusal(500);
  return allows(outcome.value.policyDocument, methodArn) ? outcome.value : refusal(403);
}

/** Asks the authorizer. What it allows comes back as every later event of the connection will carry it. */
export async function authorize(
  env: { clock: Clock; invoke: Invoke; handlers: Pick<Handlers, "authorizer"> },
  event: AuthorizerEvent,
): Promise<Authorized | Refusal> {
  const startedAt = env.clock.now();
  const outcome = await env.invoke("authorizer", event.requestContext.connectionId, () => env.handlers.authorizer(event));
  const result = policyOf(outcome, event.methodArn);
  if ("status" in result) return result;
  const context = Object.fromEntries(Object.entries(result.context ?? {}).map(([name, value]) => [name, String(value)]));
  return { authorizer: { ...context, principalId: result.principalId, integrationLatency: env.clock.now() - startedAt } };
}
