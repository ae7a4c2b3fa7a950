import { type Problem, problem } from "@tether/protocol/problem";

/** Reads `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): 1 to 200 visible characters. */
export function idempotencyKey(header: string | undefined): string | Problem | undefined {
  if (header === undefined) return undefined;
  return /^[\x21-\x7e]{1,200}$/.test(header) ? header : problem("request.invalid", ["idempotencyKey"]);
}
