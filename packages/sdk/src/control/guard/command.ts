import { ageMs, best, isAhead, keep, sample } from "../samples.ts";
import { blindTimeOf, isBlindTimeLimited } from "./blind-time.ts";
import type { Effect, On } from "./event.ts";
import { acceptance, beginStop, type Outcome, outcome, withFence } from "./outcome.ts";
import type { Armed, Driving, Holder } from "./state.ts";

/** Why a command is not obeyed. */
type Drop = "epoch" | "stopped" | "seq" | "clock" | "late" | "blind";

/** Obeys a command, or counts it by the reason why not. R4 */
export function commanded(state: Armed | Driving, event: On<"commanded">): Outcome {
  const { holder, known } = state;
  if (event.pair !== holder.pair) return outcome(state);
  const age = ageOf(state, event);
  if (typeof age === "string") return outcome({ ...state, holder: drop(holder, age) });
  const { epoch, seq, command, pictureAt, at } = event;
  const blindTime = isBlindTimeLimited(known, holder) ? blindTimeOf(holder.bounds, pictureAt, at) : undefined;
  if (blindTime === "blind") {
    const blind = withFence({ ...state, holder: drop(holder, blindTime) }, { seq });
    return outcome(blind.state === "driving" ? beginStop(blind, { reason: "blind", at, holder: blind.holder }) : blind);
  }
  const obeyed = { epoch, seq, ageMs: age, limit: blindTime?.limit ?? 1, ...(blindTime && { blindMs: blindTime.blindMs }) };
  const driving: Driving = { state: "driving", known, holder: { ...holder, ageMs: age, blindTime }, lastAt: at };
  return outcome(withFence(driving, { seq }), { type: "command", command, obeyed, bounds: holder.bounds });
}

function drop(holder: Holder, why: Drop): Holder {
  return { ...holder, dropped: { ...holder.dropped, [why]: (holder.dropped[why] ?? 0) + 1 } };
}

function ageOf({ holder, known }: Armed | Driving, { epoch, seq, sentAt, at }: On<"commanded">): number | Drop {
  // A holder's epoch is the fence's: whoever is of an older one was dismissed.
  if (epoch !== holder.epoch) return "epoch";
  if (known.order.latched) return "stopped";
  if (seq <= known.fence.seq) return "seq";
  const measured = best(holder.samples, at);
  if (!measured) return "clock";
  const age = ageMs(measured, sentAt, at);
  if (isAhead(age, measured)) return "clock";
  return age > holder.maxAgeMs ? "late" : Math.max(0, age);
}

/** Only what was asked can be answered, and once: the operator cannot choose the time of the question. */
export function clockSampled(state: Armed | Driving, { pair, t0, t1, at }: On<"clockSampled">): Outcome {
  const { holder } = state;
  if (pair !== holder.pair || !holder.asked.includes(t0)) return outcome(state);
  const asked = holder.asked.filter((one) => one !== t0);
  return outcome({ ...state, holder: { ...holder, asked, samples: keep(holder.samples, sample(t0, t1, at)) } });
}

/** The holder drives on after a stop, knowing of it. R7 */
export function resumed(state: Armed, { pair, epoch, stop, seq }: On<"resumed">): Outcome {
  const { holder, known } = state;
  const { order, fence } = known;
  const knows = pair === holder.pair && epoch === holder.epoch && order.latched && stop === order.number;
  if (!knows) return outcome(state);
  // R16: what comes after a resume may be a second press of a button whose key is always the same, so it counts.
  const presses = order.presses.filter(({ isOnce }) => isOnce);
  const next = {
    ...known,
    order: { ...order, latched: false, kept: true, presses },
    fence: { ...fence, seq: Math.max(fence.seq, seq) },
  };
  const message: Effect = { type: "broadcast", message: { type: "resumed", stop } };
  return outcome({ ...state, known: next }, acceptance(next, holder), message); // R32
}
