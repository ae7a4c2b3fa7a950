import type { ControlPermit, ToOperator } from "@tether/protocol/control";
import { limits } from "@tether/protocol/limits";
import { boundsOf } from "./blind-time.ts";
import type { On } from "./event.ts";
import { acceptance, beginStop, holderOf, messageTo, type Outcome, outcome, withBroker, withFence } from "./outcome.ts";
import type { Armed, Driving, Holder, Idle, Known, Stopping, Terms } from "./state.ts";
import { validUntil } from "./validity.ts";

type Refusal = Extract<ToOperator, { type: "refused" }>["reason"];

/** A permit that was shown is obeyed, or refused with the reason. R1, R2 */
export function permitShown(state: Idle | Armed | Driving | Stopping, event: On<"permitShown">): Outcome {
  const { permit, pair, at } = event;
  if (!permit) return outcome(state, messageTo(pair, { type: "refused", epoch: 0, reason: "permit.invalid" }));
  const refusal = refuse(state.known, event, permit);
  if (refusal) return outcome(state, messageTo(pair, { type: "refused", epoch: permit.epoch, reason: refusal }));
  // The broker cannot have issued it in its future: where it seems so, our idea of its clock is behind.
  const timed = withBroker(state, { aheadMs: Math.max(state.known.broker.aheadMs, permit.issuedAt - at) });
  const fresh = permit.epoch > timed.known.fence.epoch;
  const terms = newer(termsOf(permit), fresh ? undefined : timed.known.fence.terms);
  const fenced = withFence(timed, fresh ? { epoch: permit.epoch, session: event.session, seq: 0, terms } : { terms });
  const before = holderOf(fenced);
  const holder = hold(event, permit.epoch, terms, before);
  switch (fenced.state) {
    case "idle":
      return outcome({ state: "armed", known: fenced.known, holder }, acceptance(fenced.known, holder));
    case "stopping":
      return outcome({ ...fenced, holder, greet: true });
    case "driving":
      // R6
      if (before?.epoch !== holder.epoch) return outcome(beginStop(fenced, { reason: "epoch", at, holder, greet: true }));
      return outcome({ ...fenced, holder }, acceptance(fenced.known, holder));
    case "armed":
      return outcome({ ...fenced, holder }, acceptance(fenced.known, holder));
  }
}

function refuse({ robot, broker, fence }: Known, { session, at }: On<"permitShown">, permit: ControlPermit): Refusal | undefined {
  if (permit.robot !== robot) return "robot.other";
  if (permit.session !== session) return "session.other";
  if (permit.epoch < fence.epoch) return "epoch.old";
  if (permit.epoch === fence.epoch && fence.session !== session) return "session.other";
  const aheadMs = Math.max(broker.aheadMs, permit.issuedAt - at);
  const until = validUntil(permit, { ...broker, aheadMs });
  return at >= until.at ? until.over : undefined;
}

function termsOf(permit: ControlPermit): Terms {
  const { issuedAt, expiresAt, deadmanMs, maxAgeMs } = permit;
  return { issuedAt, expiresAt, deadmanMs, maxAgeMs, bounds: boundsOf(permit) };
}

/** Of two permits of an epoch the newer counts, whenever and wherever it was shown. R1.2 */
function newer(shown: Terms, known: Terms | undefined): Terms {
  return known && known.issuedAt > shown.issuedAt ? known : shown;
}

/** A measurement holds for the pair of channels it was made on. */
function hold({ pair, session, at }: On<"permitShown">, epoch: number, terms: Terms, before: Holder | undefined): Holder {
  if (before?.epoch === epoch && before.pair === pair) return { ...before, ...terms };
  const askAt = before?.epoch === epoch ? before.askAt : at + limits.control.askMs;
  const measured = {
    samples: [],
    asked: [],
    questions: 0,
    questionAt: at,
    tellAt: at,
    ageMs: undefined,
    blindTime: undefined,
    dropped: {},
  };
  return { pair, session, epoch, ...terms, askAt, ...measured };
}
