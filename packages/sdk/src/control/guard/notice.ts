import type { Control } from "@tether/protocol/control";
import type { Notice, On } from "./event.ts";
import { dismissHolder, type Outcome, outcome, withBroker, withFence } from "./outcome.ts";
import type { Armed, Driving, Idle, State, Stopping } from "./state.ts";

type Live = Idle | Armed | Driving | Stopping;

export function noticeOf({ epoch, holder }: Control, released = false): Notice {
  return { epoch, session: holder?.session, released };
}

/** A welcome measures the broker's clock anew; the broker does not vouch for an epoch that its welcome does not name. R2.1 */
export function welcomed(state: Live, { serverTime, notice, at }: On<"welcomed">): Outcome {
  const online = withBroker(state, { online: true, aheadMs: serverTime - at });
  return outcome(notice ? applyNotice(online, notice, at) : withBroker(online, { epoch: 0 }));
}

export function noticed(state: Live, { notice, at }: On<"noticed">): Outcome {
  return outcome(applyNotice(state, notice, at));
}

export function signallingLost(state: Live, { at }: On<"signallingLost">): Outcome {
  return outcome(state.known.broker.online ? withBroker(state, { online: false, awayAt: at }) : state);
}

/** Epochs only grow, frames come in any order: an older notice says nothing. */
function applyNotice(state: Live, { epoch, session, released }: Notice, at: number): State {
  if (epoch < state.known.broker.epoch) return state;
  const named = withBroker(state, { epoch });
  const { fence } = named.known;
  if (epoch < fence.epoch || (epoch === fence.epoch && session === fence.session)) return named;
  // Two notices for one epoch cannot both be true: nobody drives in it.
  const contested = epoch === fence.epoch;
  const fenced = withFence(named, contested ? { session: undefined } : { epoch, session, seq: 0, terms: undefined });
  return dismissHolder(fenced, released && session === undefined ? "released" : "epoch", at); // R6
}
