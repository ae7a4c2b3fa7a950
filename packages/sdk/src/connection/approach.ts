import { limits } from "@tether/protocol/limits";
import { backoff, waitMs } from "../backoff.ts";
import { type Reason, reason, reasonOf } from "../reason.ts";
import type { On, Stamp } from "./event.ts";
import type { Approach, Connecting, Greeting, HandingOver, Online, Stopped, Ticketing, Waiting } from "./state.ts";

/** The steps from nothing to a live connection, taken by a first connection and by a successor alike. */

export function ticket({ turn, attempt, session }: Pick<Approach, "turn" | "attempt" | "session">): Ticketing {
  return { state: "ticketing", turn: turn + 1, attempt, session }; // E1
}

type Pause = Stamp & { readonly why: Reason; readonly boundMs?: number; readonly afterMs?: number };

/** One attempt failed: a random wait comes before the next. E2 */
export function pause(from: Pick<Approach, "turn" | "attempt" | "session">, { at, draw, why, boundMs, afterMs = 0 }: Pause): Waiting {
  const { turn, attempt, session } = from;
  const until = at + afterMs + waitMs(attempt, draw, boundMs);
  // Being woken shortens our own wait, never one the service asked for.
  const earliest = boundMs === undefined ? at + afterMs : until;
  return { state: "waiting", turn: turn + 1, attempt: attempt + 1, session, until, earliest, why };
}

export function ticketed(state: Ticketing, { turn, answer }: On<"ticketed">): Approach {
  const { attempt, session } = state;
  return turn === state.turn ? { state: "connecting", turn, attempt, session, answer } : state;
}

export function refused(state: Ticketing, { turn, refusal, at, draw }: On<"refused">): Approach | Stopped {
  if (turn !== state.turn) return state;
  const { reason: why, retry, afterMs } = refusal;
  return retry === "never" ? { state: "stopped", why } : pause(state, { at, draw, why, afterMs }); // E3
}

/** Once the socket is open the ticket is redeemed, so the session it names exists. */
export function opened(state: Connecting, { line }: On<"opened">): Approach {
  if (line !== state.turn) return state;
  return { state: "greeting", turn: line, attempt: state.attempt, session: state.answer.session.id };
}

export function overdue(state: Ticketing | Connecting | Greeting, { turn, ...stamp }: On<"overdue">): Approach {
  return turn === state.turn ? pause(state, { ...stamp, why: reason("connection.silent") }) : state;
}

export function closed(state: Connecting | Greeting, { line, ...stamp }: On<"closed">): Approach {
  return line === state.turn ? pause(state, { ...stamp, why: reason("connection.lost") }) : state;
}

export function rejected(state: Greeting, { line, problem, ...stamp }: On<"rejected">): Approach | Stopped {
  if (line !== state.turn) return state;
  const why = reason(problem);
  return problem === "protocol.unsupported" ? { state: "stopped", why } : pause(state, { ...stamp, why });
}

export function dismissed(state: Connecting | Greeting, event: On<"dismissed">): Approach | Stopped {
  return event.line === state.turn ? heed(state, event) : state;
}

/** What a bye asks for. At once only after a connection that had worked, so that nobody can send us in circles. E3 */
export function heed(from: Pick<Approach, "turn" | "attempt" | "session">, { bye, at, draw }: On<"dismissed">): Approach | Stopped {
  const why = reasonOf(bye);
  const { policy, afterMs } = bye.retry;
  if (policy === "never") return { state: "stopped", why };
  if (policy === "now" && from.attempt === 0) return ticket(from);
  return pause(from, { at, draw, why, ...(afterMs > 0 && { boundMs: afterMs }) });
}

export function welcomed(state: Greeting, { line, welcome, at, draw }: On<"welcomed">, former?: number): Greeting | Online {
  if (line !== state.turn) return state;
  const { session, serverTime, deadlines } = welcome;
  const [soonest, latest] = limits.session.rolloverMs;
  const leftMs = Math.max(0, deadlines.connectionEndsAt - serverTime);
  // Where the gateway cuts sooner than usual, the same share of the connection's life is left for the hand-over.
  const age = Math.min(soonest + draw * (latest - soonest), (leftMs * latest) / limits.gateway.connectionLifeMs);
  return {
    state: "online",
    turn: line,
    line,
    attempt: state.attempt,
    session: session.id,
    since: at,
    rolloverAt: at + age,
    forcedAt: at + (leftMs * limits.session.forcedMs) / limits.gateway.connectionLifeMs,
    lease: { serverTime, expiresAt: deadlines.authExpiresAt },
    former,
    probe: undefined,
  };
}

export function waited(state: Waiting, { turn }: On<"waited">): Approach {
  return turn === state.turn ? ticket(state) : state;
}

export function hasten(state: Waiting, { at }: On<"woken">): Approach {
  if (at >= state.earliest) return ticket(state);
  return state.earliest < state.until ? { ...state, turn: state.turn + 1, until: state.earliest } : state;
}

/** A live connection is lost. One that had lasted starts the count of failures anew. */
export function lost(state: Online | HandingOver, turn: number, at: number): Pick<Approach, "turn" | "attempt" | "session"> {
  const lasted = at - state.since >= backoff.mostMs;
  return { turn, attempt: lasted ? 0 : state.attempt + 1, session: state.session };
}
