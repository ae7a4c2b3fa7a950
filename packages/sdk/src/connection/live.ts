import { reason, reasonOf } from "../reason.ts";
import { heed, lost, pause, ticket } from "./approach.ts";
import type { On } from "./event.ts";
import type { Leaving, Online, State } from "./state.ts";

/** What becomes of a connection that is online. */

/** The successor is begun while this one goes on: make before break. */
export function aged(state: Online, { line }: On<"aged">): State {
  const { line: own, session, since, forcedAt, lease, turn, attempt } = state;
  if (line !== own) return state;
  return { state: "handingOver", line, attempt, session, since, forcedAt, lease, successor: ticket({ turn, attempt: 0, session }) };
}

export function dismissed(state: Online, event: On<"dismissed">): State {
  if (event.line === state.former) return { ...state, former: undefined };
  if (event.line !== state.line) return state;
  return heed(lost(state, state.turn, event.at), event);
}

export function closed(state: Online, { line, ...stamp }: On<"closed">): State {
  if (line === state.former) return { ...state, former: undefined };
  if (line !== state.line) return state;
  return pause(lost(state, state.turn, stamp.at), { ...stamp, why: reason("connection.lost") });
}

/** The broker no longer takes this connection for the session's. Had another taken over, it would have said bye. */
export function rejected(state: Online, { line, problem, ...stamp }: On<"rejected">): State {
  if (line !== state.line || problem !== "session.superseded") return state;
  return pause(lost(state, state.turn, stamp.at), { ...stamp, why: reason(problem) });
}

export function faded(state: Online, { line }: On<"faded">): State {
  return line === state.former ? { ...state, former: undefined } : state;
}

export function probe(state: Online): State {
  const turn = state.turn + 1;
  return state.probe === undefined ? { ...state, turn, probe: turn } : state;
}

export function probed(state: Online, { line, welcome }: On<"welcomed">): State {
  if (line !== state.line || state.probe === undefined) return state;
  const lease = { serverTime: welcome.serverTime, expiresAt: welcome.deadlines.authExpiresAt };
  return { ...state, lease, probe: undefined };
}

export function unanswered(state: Online, { turn, ...stamp }: On<"overdue">): State {
  if (turn !== state.probe) return state;
  return pause(lost(state, state.turn, stamp.at), { ...stamp, why: reason("connection.silent") });
}

export function leave({ line }: { readonly line: number }, { says, account }: On<"left">): State {
  return { state: "leaving", line, says, account };
}

export function left(state: Leaving, event: On<"closed"> | On<"dismissed">): State {
  if (event.line !== state.line) return state;
  return { state: "stopped", why: event.type === "dismissed" ? reasonOf(event.bye) : reason("end.left") };
}
