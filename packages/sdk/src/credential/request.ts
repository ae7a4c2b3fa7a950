import type { AnswerOf, Route } from "@tether/protocol/route/route";
import { type Asked, ask } from "../api/ask.ts";
import type { Platform } from "../platform.ts";
import type { Refusal } from "../ticket/source.ts";

/** `serverTime` tells a robot how far its clock is off. */
export type Refused = { readonly refusal: Refusal; readonly serverTime?: number };
/** The answer of the service, or its refusal. */
export type Answered<Body> = { readonly answer: Body } | Refused;

/** Problems that another try can help with: the service is busy or broken, or refused one assertion. */
const passing: ReadonlySet<string> = new Set(["unavailable", "internal", "rate.limited", "assertion.expired", "assertion.replayed"]);
const patienceMs = 20_000;

/** Asks once, for 20 s at most. Never rejects. */
export async function request<Of extends Route>(
  { fetch, clock, api }: Pick<Platform, "fetch" | "clock"> & { readonly api: string },
  route: Of,
  asked: Asked<Of>,
): Promise<Answered<AnswerOf<Of>>> {
  const abort = new AbortController();
  const cancel = clock.after(patienceMs, () => abort.abort());
  const answered = await ask({ fetch, api }, route, { ...asked, signal: abort.signal });
  cancel();
  if ("value" in answered) return { answer: answered.value };
  const { status, problem, afterMs, ...why } = answered.failure;
  if (!problem) return { refusal: { reason: why, retry: "backoff", afterMs: 0 } };
  return { refusal: { reason: why, retry: passing.has(problem.code) ? "backoff" : "never", afterMs: 0 }, serverTime: problem.serverTime };
}

/** The problem of a refusal, as `byServerClock` reads it. */
export function problemOf(answered: Answered<unknown>): { code: string; serverTime: number | undefined } | undefined {
  return "refusal" in answered ? { code: answered.refusal.reason.code, serverTime: answered.serverTime } : undefined;
}
