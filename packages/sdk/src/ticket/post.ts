import { TicketAnswer } from "@tether/protocol/http";
import { isFinal, isProblemCode, ProblemDetails, problems } from "@tether/protocol/problem";
import type { Platform } from "../platform.ts";
import { failureOf, type OwnCode, reason } from "../reason.ts";
import type { Refusal } from "./source.ts";

/** A refusal with what the service's own words were, for those who can do something about a particular one. */
export type Posted = { readonly answer: TicketAnswer } | { readonly refusal: Refusal; readonly details?: ProblemDetails };

type Request = { readonly url: string; readonly headers?: Record<string, string>; readonly body: unknown; readonly signal: AbortSignal };

/** Asks for a ticket once. Never rejects. */
export async function post({ fetch }: Pick<Platform, "fetch">, { url, headers, body, signal }: Request): Promise<Posted> {
  let response: Response;
  let json: unknown;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal,
      credentials: "omit",
    });
    json = await response.json().catch(() => undefined);
  } catch (error) {
    return { refusal: { reason: failureOf(error), retry: "backoff", afterMs: 0 } };
  }
  if (response.ok) {
    const answer = TicketAnswer.safeParse(json);
    return answer.success ? { answer: answer.data } : ownRefusal("answer.invalid");
  }
  const afterMs = retryAfterMs(response.headers.get("retry-after"));
  const details = ProblemDetails.safeParse(json);
  // The word of what stands before the service: it says nothing about us, so trying again may help.
  if (!details.success) return ownRefusal(codeOfStatus(response.status), afterMs);
  const { code, title, detail, status } = details.data;
  const says = title === "" && isProblemCode(code) ? problems[code].says : title;
  return {
    refusal: {
      reason: { code, says, remedy: detail },
      retry: isFinal(code, status) ? "never" : "backoff",
      afterMs,
    },
    details: details.data,
  };
}

function codeOfStatus(status: number): OwnCode {
  if (status === 429) return "service.busy";
  return status >= 500 ? "network.failed" : "answer.invalid";
}

export function ownRefusal(code: OwnCode, afterMs = 0): Posted {
  return { refusal: { reason: reason(code), retry: "backoff", afterMs } };
}

/** Delta-seconds only (RFC 9110 §10.2.3); a date would need a clock that is right. At most 5 min are believed. */
function retryAfterMs(header: string | null): number {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 300) * 1000 : 0;
}
