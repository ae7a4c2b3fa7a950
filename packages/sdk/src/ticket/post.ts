import type { TicketAnswer } from "@tether/protocol/http";
import { isFinal, type ProblemDetails } from "@tether/protocol/problem";
import type { createClientTicket, createRobotTicket } from "@tether/protocol/route/ticket";
import { type Asked, ask } from "../api/ask.ts";
import type { Platform } from "../platform.ts";
import { type OwnCode, reason } from "../reason.ts";
import type { Refusal } from "./source.ts";

/** A refusal with the service's problem as it came, for those who can do something about a particular one. */
export type Posted = { readonly answer: TicketAnswer } | { readonly refusal: Refusal; readonly details?: ProblemDetails };

type Env = Pick<Platform, "fetch"> & { readonly api: string; readonly token?: string };

/** Asks for a ticket once. Never rejects. */
export async function post<Of extends typeof createClientTicket | typeof createRobotTicket>(
  env: Env,
  route: Of,
  asked: Asked<Of>,
): Promise<Posted> {
  const answered = await ask(env, route, asked);
  if ("value" in answered) return { answer: answered.value };
  const { status, problem: details, afterMs, ...why } = answered.failure;
  if (!details) return { refusal: { reason: why, retry: "backoff", afterMs } };
  const retry = isFinal(details.code, details.status) ? "never" : "backoff";
  return { refusal: { reason: why, retry, afterMs }, details };
}

export function ownRefusal(code: OwnCode, afterMs = 0): Posted {
  return { refusal: { reason: reason(code), retry: "backoff", afterMs } };
}
