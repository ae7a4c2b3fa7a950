import type { ControlGrant, ToOperator } from "@tether/protocol/control";
import { limits } from "@tether/protocol/limits";
import type { On } from "./event.ts";
import { accepted, hear, type Outcome, raise, still, stop, tell } from "./outcome.ts";
import { boundsOf } from "./sight.ts";
import { obeyedUntil } from "./standing.ts";
import type { Armed, Driving, Holder, Idle, Known, Stopping } from "./state.ts";

type Refusal = Extract<ToOperator, { type: "refused" }>["reason"];

/** A grant was shown: obeyed, or refused with the reason. R1, R2 */
export function shown(state: Idle | Armed | Driving | Stopping, event: On<"shown">): Outcome {
  const { grant, link, at } = event;
  const refusal = refuse(state.known, event);
  if (!grant || refusal) return still(state, tell(link, { type: "refused", epoch: grant?.epoch ?? 0, reason: refusal ?? "grant.invalid" }));
  // The broker cannot have issued it in its future: where it seems so, our idea of its clock is behind.
  const timed = hear(state, { aheadMs: Math.max(state.known.broker.aheadMs, grant.issuedAt - at) });
  const fresh = grant.epoch > timed.known.fence.epoch;
  const fenced = fresh ? raise(timed, { epoch: grant.epoch, session: event.session, seq: 0 }) : timed;
  const before = "holder" in fenced ? fenced.holder : undefined;
  const holder = hold(event, grant, before);
  switch (fenced.state) {
    case "idle":
      return still({ state: "armed", known: fenced.known, holder }, accepted(fenced.known, holder));
    case "stopping":
      return still({ ...fenced, holder, greet: true });
    case "driving":
      // R6
      if (before?.epoch !== holder.epoch) return still(stop(fenced, { reason: "epoch", at, holder, greet: true }));
      return still({ ...fenced, holder }, accepted(fenced.known, holder));
    case "armed":
      return still({ ...fenced, holder }, accepted(fenced.known, holder));
  }
}

function refuse({ robot, broker, fence }: Known, { grant, session, at }: On<"shown">): Refusal | undefined {
  if (!grant) return "grant.invalid";
  if (grant.robot !== robot) return "robot.other";
  if (grant.session !== session) return "session.other";
  if (grant.epoch < fence.epoch) return "epoch.old";
  if (grant.epoch === fence.epoch && fence.session !== session) return "session.other";
  const aheadMs = Math.max(broker.aheadMs, grant.issuedAt - at);
  const until = obeyedUntil(grant, { ...broker, aheadMs });
  return at >= until.at ? until.over : undefined;
}

/** The newer of two grants of an epoch counts. What was measured on a channel is good for that channel. */
function hold({ link, session, at }: On<"shown">, grant: ControlGrant, before: Holder | undefined): Holder {
  const { epoch, issuedAt, expiresAt, deadmanMs, maxAgeMs } = grant;
  const bounds = boundsOf(grant);
  if (before?.epoch !== epoch || before.link !== link) {
    const askAt = before?.epoch === epoch ? before.askAt : at + limits.control.askMs;
    const newest = before?.epoch === epoch && before.issuedAt > issuedAt ? before : { issuedAt, expiresAt };
    const measured = { samples: [], asked: [], questions: 0, questionAt: at, tellAt: at, ageMs: undefined, sight: undefined, dropped: {} };
    const dated = { issuedAt: newest.issuedAt, expiresAt: newest.expiresAt };
    return { link, session, epoch, ...dated, deadmanMs, maxAgeMs, bounds, askAt, ...measured };
  }
  return before.issuedAt > issuedAt ? before : { ...before, issuedAt, expiresAt, deadmanMs, maxAgeMs, bounds };
}
