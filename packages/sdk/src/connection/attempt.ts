import { limits } from "@tether/protocol/limits";
import { backoff, waitMs } from "../backoff.ts";
import { type Reason, reason, reasonOf } from "../reason.ts";
import type { On, Stamp } from "./event.ts";
import type { Attempt, Connecting, Greeting, HandingOver, Online, Stopped, Ticketing, Waiting } from "./state.ts";

/** The steps from nothing to a live connection, taken by a first connection and by a successor alike. */

export function ticket({ attemptId, failures, session }: Pick<Attempt, "attemptId" | "failures" | "session">): Ticketing {
  return { state: "ticketing", attemptId: attemptId + 1, failures, session }; // E1
}

/** A connection that has ended, or an attempt at one, as the next attempt needs it. */
type Former = Pick<Attempt, "attemptId" | "failures" | "session"> & { readonly lasted: boolean };

type Pause = Stamp & { readonly why: Reason; readonly boundMs?: number; readonly afterMs?: number };

/** After a failed attempt a random wait comes before the next. E2 */
export function pause(from: Pick<Attempt, "attemptId" | "failures" | "session">, { at, draw, why, boundMs, afterMs = 0 }: Pause): Waiting {
  const { attemptId, failures, session } = from;
  const until = at + afterMs + waitMs(failures, draw, boundMs);
  // Being woken shortens our own wait, never one the service asked for.
  const earliest = boundMs === undefined ? at + afterMs : until;
  return { state: "waiting", attemptId: attemptId + 1, failures: failures + 1, session, until, earliest, why };
}

export function ticketed(state: Ticketing, { attemptId, answer }: On<"ticketed">): Attempt {
  const { failures, session } = state;
  return attemptId === state.attemptId ? { state: "connecting", attemptId, failures, session, answer } : state;
}

export function refused(state: Ticketing, { attemptId, refusal, at, draw }: On<"refused">): Attempt | Stopped {
  if (attemptId !== state.attemptId) return state;
  const { reason: why, retry, afterMs } = refusal;
  return retry === "never" ? { state: "stopped", why } : pause(state, { at, draw, why, afterMs }); // E3
}

/** Once the socket is open the ticket is redeemed, so the session it names exists. */
export function opened(state: Connecting, { socketId }: On<"opened">): Attempt {
  if (socketId !== state.attemptId) return state;
  return { state: "greeting", attemptId: socketId, failures: state.failures, session: state.answer.session.id };
}

export function overdue(state: Ticketing | Connecting | Greeting, { attemptId, ...stamp }: On<"overdue">): Attempt {
  return attemptId === state.attemptId ? pause(state, { ...stamp, why: reason("connection.silent") }) : state;
}

export function closed(state: Connecting | Greeting, { socketId, why = reason("connection.lost"), ...stamp }: On<"closed">): Attempt {
  return socketId === state.attemptId ? pause(state, { ...stamp, why }) : state;
}

export function rejected(state: Greeting, { socketId, why, ...stamp }: On<"rejected">): Attempt | Stopped {
  if (socketId !== state.attemptId) return state;
  return why.code === "protocol.unsupported" ? { state: "stopped", why } : pause(state, { ...stamp, why });
}

export function dismissed(state: Connecting | Greeting, event: On<"dismissed">): Attempt | Stopped {
  return event.socketId === state.attemptId ? obeyBye({ ...state, lasted: false }, event) : state;
}

/** Does what a bye asks for. It is followed at once only after a connection that had lasted, so that nobody can send us in circles. E3, F5.1 */
export function obeyBye(from: Former, { bye, at, draw }: On<"dismissed">): Attempt | Stopped {
  const why = reasonOf(bye);
  const { policy, afterMs } = bye.retry;
  if (policy === "never") return { state: "stopped", why };
  if (policy === "now" && from.lasted) return ticket(from);
  return pause(from, { at, draw, why, ...(afterMs > 0 && { boundMs: afterMs }) });
}

export function welcomed(state: Greeting, { socketId, welcome, at, draw }: On<"welcomed">, former?: number): Greeting | Online {
  if (socketId !== state.attemptId) return state;
  const { session, serverTime, deadlines } = welcome;
  const [soonest, latest] = limits.session.rolloverMs;
  const leftMs = Math.max(0, deadlines.connectionEndsAt - serverTime);
  // A gateway that cuts sooner than usual leaves the same share of the connection's life for the hand-over.
  const age = Math.min(soonest + draw * (latest - soonest), (leftMs * latest) / limits.gateway.connectionLifeMs);
  return {
    state: "online",
    attemptId: socketId,
    socketId,
    failures: state.failures,
    session: session.id,
    since: at,
    rolloverAt: at + age,
    forcedAt: at + (leftMs * limits.session.forcedMs) / limits.gateway.connectionLifeMs,
    lease: { serverTime, expiresAt: deadlines.authExpiresAt },
    former,
    probe: undefined,
  };
}

export function waited(state: Waiting, { attemptId }: On<"waited">): Attempt {
  return attemptId === state.attemptId ? ticket(state) : state;
}

export function retryNow(state: Waiting, { at }: On<"woken">): Attempt {
  if (at >= state.earliest) return ticket(state);
  return state.earliest < state.until ? { ...state, attemptId: state.attemptId + 1, until: state.earliest } : state;
}

/** A live connection is lost. If it had lasted, the count of failures begins anew; else it is one of them. E2.2 */
export function afterLoss(state: Online | HandingOver, attemptId: number, at: number): Former {
  const lasted = at - state.since >= backoff.settledMs;
  return { attemptId, failures: lasted ? 0 : state.failures, session: state.session, lasted };
}
