import * as Attempts from "./attempt.ts";
import { afterLoss, obeyBye, pause, retryNow, ticket } from "./attempt.ts";
import type { On } from "./event.ts";
import type { Attempt, HandingOver, State } from "./state.ts";

/** Transitions of a connection whose successor is under way. The successor takes the same steps as a first connection. */

export function ticketed(state: HandingOver, event: On<"ticketed">): State {
  return state.successor.state === "ticketing" ? go(state, Attempts.ticketed(state.successor, event)) : state;
}

/** While the old connection lives, even a final no is asked again: what it is about may change before it counts. */
export function refused(state: HandingOver, event: On<"refused">): State {
  const { successor } = state;
  if (successor.state !== "ticketing" || event.attemptId !== successor.attemptId) return state;
  const { reason: why, afterMs } = event.refusal;
  return go(state, pause(successor, { ...event, why, afterMs }));
}

export function opened(state: HandingOver, event: On<"opened">): State {
  return state.successor.state === "connecting" ? go(state, Attempts.opened(state.successor, event)) : state;
}

export function welcomed(state: HandingOver, event: On<"welcomed">): State {
  const { successor } = state;
  if (successor.state !== "greeting" || event.socketId !== successor.attemptId) return state;
  return Attempts.welcomed(successor, event, state.socketId);
}

export function overdue(state: HandingOver, event: On<"overdue">): State {
  return state.successor.state === "waiting" ? state : go(state, Attempts.overdue(state.successor, event));
}

export function waited(state: HandingOver, event: On<"waited">): State {
  return state.successor.state === "waiting" ? go(state, Attempts.waited(state.successor, event)) : state;
}

export function woken(state: HandingOver, event: On<"woken">): State {
  return state.successor.state === "waiting" ? go(state, retryNow(state.successor, event)) : state;
}

/** Sooner than the service asked for, once: to wait on is to be cut. E8 */
export function forced(state: HandingOver, { socketId }: On<"forced">): State {
  const { successor } = state;
  return socketId === state.socketId && successor.state === "waiting" ? go(state, ticket(successor)) : state;
}

export function closed(state: HandingOver, event: On<"closed">): State {
  const { successor } = state;
  if (event.socketId === state.socketId) return successor;
  const open = successor.state === "connecting" || successor.state === "greeting";
  return open ? go(state, Attempts.closed(successor, event)) : state;
}

export function rejected(state: HandingOver, event: On<"rejected">): State {
  const { successor } = state;
  if (event.socketId === state.socketId) return event.why.code === "session.superseded" ? successor : state;
  if (successor.state !== "greeting" || event.socketId !== successor.attemptId) return state;
  return go(state, pause(successor, event));
}

export function dismissed(state: HandingOver, event: On<"dismissed">): State {
  const { successor } = state;
  const { cause, retry } = event.bye;
  if (event.socketId === state.socketId) {
    // Our own successor's hello did this; its welcome is on the way.
    if (cause === "superseded" && successor.state === "greeting") return successor;
    if (retry.policy === "never" || successor.state === "waiting") return obeyBye(afterLoss(state, successor.attemptId, event.at), event);
    return successor;
  }
  if (successor.state !== "connecting" && successor.state !== "greeting") return state;
  if (event.socketId !== successor.attemptId) return state;
  const heeded = obeyBye({ ...successor, lasted: false }, event);
  return heeded.state === "stopped" ? heeded : go(state, heeded);
}

function go(state: HandingOver, successor: Attempt): HandingOver {
  return successor === state.successor ? state : { ...state, successor };
}
