import type { On, Word } from "./event.ts";
import { dismiss, hear, type Outcome, raise, still } from "./outcome.ts";
import type { Armed, Driving, Idle, State, Stopping } from "./state.ts";

type Live = Idle | Armed | Driving | Stopping;

/** The broker's clock is measured anew; what its welcome does not name is not vouched for. */
export function welcomed(state: Live, { serverTime, word, at }: On<"welcomed">): Outcome {
  const online = hear(state, { online: true, aheadMs: serverTime - at });
  return still(word ? heed(online, word, at) : hear(online, { epoch: 0 }));
}

export function told(state: Live, { word, at }: On<"told">): Outcome {
  return still(heed(state, word, at));
}

export function lost(state: Live, { at }: On<"lost">): Outcome {
  return still(state.known.broker.online ? hear(state, { online: false, awayAt: at }) : state);
}

/** Epochs only grow, frames come in any order: an older word says nothing. */
function heed(state: Live, { epoch, session, released }: Word, at: number): State {
  if (epoch < state.known.broker.epoch) return state;
  const named = hear(state, { epoch });
  const { fence } = named.known;
  if (epoch < fence.epoch || (epoch === fence.epoch && session === fence.session)) return named;
  // Two words for one epoch cannot both be true: nobody drives in it.
  const contested = epoch === fence.epoch;
  const fenced = raise(named, { epoch, session: contested ? undefined : session, seq: contested ? fence.seq : 0 });
  const holder = "holder" in fenced ? fenced.holder : undefined;
  // R6
  return holder ? dismiss(fenced, released && session === undefined ? "released" : "epoch", at) : fenced;
}
