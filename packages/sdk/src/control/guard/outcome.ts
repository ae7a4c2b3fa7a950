import type { StopReason, ToOperator } from "@tether/protocol/control";
import type { Effect } from "./event.ts";
import type { Broker, Fence, Holder, Known, State, Stopping } from "./state.ts";

/** What a guard came to: the next state, and what is to be done now, in this order. */
export type Outcome = { readonly state: State; readonly effects: readonly Effect[] };

export function still(state: State, ...effects: readonly Effect[]): Outcome {
  return { state, effects };
}

export const tell = (link: number, message: ToOperator): Effect => ({ type: "tell", link, message });

export function know<Any extends State>(state: Any, part: Partial<Known>): Any {
  return { ...state, known: { ...state.known, ...part } };
}

export function hear<Any extends State>(state: Any, broker: Partial<Broker>): Any {
  return know(state, { broker: { ...state.known.broker, ...broker } });
}

export function raise<Any extends State>(state: Any, fence: Partial<Fence>): Any {
  return know(state, { fence: { ...state.known.fence, ...fence } });
}

type Stop = { readonly reason: StopReason; readonly at: number; readonly holder: Holder | undefined; readonly greet?: boolean };

/** Begins to stop the robot. Nothing is obeyed until the driver has carried it out. R6 */
export function stop({ known }: State, { reason, at, holder, greet = false }: Stop): Stopping {
  const turn = known.turn + 1;
  return { state: "stopping", known: { ...known, turn }, reason, since: at, holder, greet, ending: false };
}

/** The holder may not drive any more: a robot that moves is stopped first. */
export function dismiss(state: State, reason: StopReason, at: number): State {
  if (state.state === "driving") return stop(state, { reason, at, holder: undefined });
  if (state.state === "armed") return { state: "idle", known: state.known };
  if (state.state === "stopping") return { ...state, holder: undefined, greet: false };
  return state;
}

/** What the holder is told once it may drive. */
export function accepted({ fence, order }: Known, { link, epoch }: Holder): Effect {
  const seq = fence.epoch === epoch ? fence.seq : 0;
  return tell(link, { type: "accepted", epoch, seq, ...(order.latched && { stop: order.number }) });
}
