import { ProblemDetails } from "@tether/protocol/problem";
import type { Platform } from "../platform.ts";
import { failureOf, reason } from "../reason.ts";
import type { Refusal } from "../ticket/source.ts";

/** `serverTime` tells a robot how far its clock is off. */
export type Refused = { readonly refusal: Refusal; readonly serverTime?: number };
export type Answered<Body> = { readonly answer: Body } | Refused;

/** Problems that another try can help with: the service is busy or broken, or refused one assertion. */
const passing: ReadonlySet<string> = new Set(["unavailable", "internal", "rate.limited", "assertion.expired", "assertion.replayed"]);
const patienceMs = 20_000;

type Schema<Body> = { safeParse(json: unknown): { readonly success: true; readonly data: Body } | { readonly success: false } };

/** Posts once and reads the answer by its schema. Never rejects. */
export async function request<Body>(
  { fetch, clock }: Pick<Platform, "fetch" | "clock">,
  url: string,
  body: object,
  schema: Schema<Body>,
): Promise<Answered<Body>> {
  const abort = new AbortController();
  const cancel = clock.after(patienceMs, () => abort.abort());
  try {
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body), signal: abort.signal, credentials: "omit" } as const;
    const response = await fetch(url, init);
    const json: unknown = await response.json().catch(() => undefined);
    const answer = schema.safeParse(json);
    if (response.ok && answer.success) return { answer: answer.data };
    return refused(json, response.status);
  } catch (error) {
    return { refusal: { reason: failureOf(error), retry: "backoff", afterMs: 0 } };
  } finally {
    cancel();
  }
}

function refused(json: unknown, status: number): Refused {
  const details = ProblemDetails.safeParse(json);
  if (!details.success)
    return { refusal: { reason: reason(status >= 500 ? "network.failed" : "answer.invalid"), retry: "backoff", afterMs: 0 } };
  const { code, title: says, detail: remedy, serverTime } = details.data;
  return { refusal: { reason: { code, says, remedy }, retry: passing.has(code) ? "backoff" : "never", afterMs: 0 }, serverTime };
}
