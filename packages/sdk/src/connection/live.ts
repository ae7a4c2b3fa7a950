import { reason, reasonOf } from "../reason.ts";
import { afterLoss, obeyBye, pause, ticket } from "./attempt.ts";
import type { On } from "./event.ts";
import type { Leaving, Online, State } from "./state.ts";

/** Transitions of a connection that is online. */

/** The successor is begun while this one goes on: make before break. */
export function aged(state: Online, { socketId }: On<"aged">): State {
  const { socketId: own, session, since, forcedAt, lease, attemptId, failures } = state;
  if (socketId !== own) return state;
  return {
    state: "handingOver",
    socketId,
    failures,
    session,
    since,
    forcedAt,
    lease,
    successor: ticket({ attemptId, failures: 0, session }),
  };
}

export function dismissed(state: Online, event: On<"dismissed">): State {
  if (event.socketId === state.former) return { ...state, former: undefined };
  if (event.socketId !== state.socketId) return state;
  return obeyBye(afterLoss(state, state.attemptId, event.at), event);
}

export function closed(state: Online, { socketId, ...stamp }: On<"closed">): State {
  if (socketId === state.former) return { ...state, former: undefined };
  if (socketId !== state.socketId) return state;
  return pause(afterLoss(state, state.attemptId, stamp.at), { ...stamp, why: reason("connection.lost") });
}

/** The broker no longer takes this connection for the session's. Had another taken over, it would have said bye. */
export function rejected(state: Online, { socketId, why, ...stamp }: On<"rejected">): State {
  if (socketId !== state.socketId || why.code !== "session.superseded") return state;
  return pause(afterLoss(state, state.attemptId, stamp.at), { ...stamp, why });
}

export function drained(state: Online, { socketId }: On<"drained">): State {
  return socketId === state.former ? { ...state, former: undefined } : state;
}

export function probe(state: Online): State {
  const attemptId = state.attemptId + 1;
  return state.probe === undefined ? { ...state, attemptId, probe: attemptId } : state;
}

export function probed(state: Online, { socketId, welcome }: On<"welcomed">): State {
  if (socketId !== state.socketId || state.probe === undefined) return state;
  const lease = { serverTime: welcome.serverTime, expiresAt: welcome.deadlines.authExpiresAt };
  return { ...state, lease, probe: undefined };
}

export function unanswered(state: Online, { attemptId, ...stamp }: On<"overdue">): State {
  if (attemptId !== state.probe) return state;
  return pause(afterLoss(state, state.attemptId, stamp.at), { ...stamp, why: reason("connection.silent") });
}

export function leave({ socketId }: { readonly socketId: number }, { says, account }: On<"left">): State {
  return { state: "leaving", socketId, says, account };
}

export function left(state: Leaving, event: On<"closed"> | On<"dismissed">): State {
  if (event.socketId !== state.socketId) return state;
  return { state: "stopped", why: event.type === "dismissed" ? reasonOf(event.bye) : reason("end.left") };
}
