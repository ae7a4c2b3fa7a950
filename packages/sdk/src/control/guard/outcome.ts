import type { StopReason, ToOperator } from "@tether/protocol/control";
import type { Effect } from "./event.ts";
import type { Broker, Fence, Holder, Known, State, Stopping } from "./state.ts";

/** The next state of a guard, and the effects to perform now, in this order. */
export type Outcome = { readonly state: State; readonly effects: readonly Effect[] };

export function outcome(state: State, ...effects: readonly Effect[]): Outcome {
  return { state, effects };
}

export const messageTo = (pair: number, message: ToOperator): Effect => ({ type: "send", pair, message });

export function withKnown<Any extends State>(state: Any, part: Partial<Known>): Any {
  return { ...state, known: { ...state.known, ...part } };
}

export function withBroker<Any extends State>(state: Any, broker: Partial<Broker>): Any {
  return withKnown(state, { broker: { ...state.known.broker, ...broker } });
}

export function withFence<Any extends State>(state: Any, fence: Partial<Fence>): Any {
  return withKnown(state, { fence: { ...state.known.fence, ...fence } });
}

type Stop = { readonly reason: StopReason; readonly at: number; readonly holder: Holder | undefined; readonly greet?: boolean };

/** The session that may drive, or may once the robot stands. */
export function holderOf(state: State): Holder | undefined {
  return "holder" in state ? state.holder : undefined;
}

/** Begins to stop the robot. Nothing is obeyed until the driver has carried it out. R6 */
export function beginStop({ known }: State, { reason, at, holder, greet = false }: Stop): Stopping {
  const turn = known.turn + 1;
  return { state: "stopping", known: { ...known, turn }, reason, since: at, holder, greet, ending: false };
}

/** The holder may not drive any more: a robot that moves is stopped first. */
export function dismissHolder(state: State, reason: StopReason, at: number): State {
  if (state.state === "driving") return beginStop(state, { reason, at, holder: undefined });
  if (state.state === "armed") return { state: "idle", known: state.known };
  if (state.state === "stopping") return { ...state, holder: undefined };
  return state;
}

/** The message to the holder that it may drive. */
export function acceptance({ fence, order }: Known, { pair, epoch }: Holder): Effect {
  return messageTo(pair, { type: "accepted", epoch, seq: fence.seq, ...(order.latched && { stop: order.number }) });
}
