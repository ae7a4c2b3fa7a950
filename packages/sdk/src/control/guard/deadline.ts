import { limits } from "@tether/protocol/limits";
import { best } from "../samples.ts";
import { blindAt } from "./blind-time.ts";
import { beginStop, dismissHolder, messageTo, type Outcome, outcome } from "./outcome.ts";
import type { Armed, Driving, Holder, State } from "./state.ts";
import { asksAt, validUntil } from "./validity.ts";

/** How often the operator's clock is asked for: at first, and then as long as it holds. */
const question = { first: 5, firstMs: 100, everyMs: 2_000 } as const;
/** How often the holder is told how the robot does while it drives. */
const tellMs = 1_000;

/** When time alone makes a difference next. */
export function nextDeadline(state: State): number {
  return isHeld(state) ? deadlineOf(state) : Number.POSITIVE_INFINITY;
}

function isHeld(state: State): state is Armed | Driving {
  return state.state === "armed" || state.state === "driving";
}

function deadlineOf(state: Armed | Driving): number {
  const { holder, known } = state;
  const due = [validUntil(holder, known.broker).at, asksAt(holder, known.broker), holder.questionAt];
  if (state.state === "driving") due.push(state.lastAt + holder.deadmanMs, blindAt(known, holder), holder.tellAt);
  return Math.min(...due);
}

/** Applies what time alone has changed by `at`. This runs before and after every event, so that a late timer allows nothing. */
export function applyDeadlines(state: State, at: number): Outcome {
  if (!isHeld(state) || at < deadlineOf(state)) return outcome(state);
  const { holder, known } = state;
  const until = validUntil(holder, known.broker);
  if (at >= until.at) {
    // A holder that drives is told by `stopped`, as everyone is.
    const refused = messageTo(holder.pair, { type: "refused", epoch: holder.epoch, reason: until.over });
    return state.state === "driving"
      ? outcome(dismissHolder(state, until.over, at))
      : outcome(dismissHolder(state, until.over, at), refused);
  }
  if (state.state === "driving" && at >= state.lastAt + holder.deadmanMs)
    return outcome(beginStop(state, { reason: "deadman", at, holder })); // R5
  if (state.state === "driving" && at >= blindAt(known, holder)) return outcome(beginStop(state, { reason: "blind", at, holder })); // R22
  return ask(state, at);
}

function ask(state: Armed | Driving, at: number): Outcome {
  const { pair, epoch } = state.holder;
  let { holder } = state;
  const messages = [];
  if (at >= asksAt(holder, state.known.broker)) {
    holder = { ...holder, askAt: at + limits.control.askMs };
    messages.push(messageTo(pair, { type: "renew", epoch })); // R3
  }
  if (at >= holder.questionAt) {
    const everyMs = holder.questions + 1 < question.first ? question.firstMs : question.everyMs;
    const asked = [...holder.asked, at].slice(-question.first);
    holder = { ...holder, asked, questions: holder.questions + 1, questionAt: at + everyMs };
    messages.push(messageTo(pair, { type: "clock", t0: at }));
  }
  if (state.state === "driving" && at >= holder.tellAt) {
    holder = { ...holder, tellAt: at + tellMs };
    messages.push(messageTo(pair, report(holder, at)));
  }
  return outcome({ ...state, holder }, ...messages);
}

/** How a robot does that moves: no stop is in force then. */
function report({ epoch, samples, ageMs, blindTime, dropped }: Holder, at: number) {
  const roundTripMs = best(samples, at)?.roundTripMs;
  return {
    type: "state" as const,
    epoch,
    moving: true,
    ...(ageMs !== undefined && { commandAgeMs: ageMs }),
    ...(roundTripMs !== undefined && { roundTripMs }),
    ...(blindTime && { blindMs: blindTime.blindMs, limit: blindTime.limit }),
    ...(Object.keys(dropped).length > 0 && { dropped: { ...dropped } }),
  };
}
