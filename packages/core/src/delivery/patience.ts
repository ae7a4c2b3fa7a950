import type { FromBroker } from "@tether/protocol/frame";
import type { Clock } from "../clock.ts";
import type { Session } from "../live/session.ts";
import type { Outbox, Posted } from "../outbox.ts";
import type { Pacing } from "../store/patience.ts";

type Env = { outbox: Outbox; clock: Clock; pacing: Pacing };

/** A post is not tried again once this much has passed: the rest of the invocation needs its time. */
const patienceMs = 1_000;

const leastMs = 50;
const attempts = 4;

/** What a robot must not miss and may hear twice: who drives, and that a client may no longer see what it sends. */
const vital: ReadonlySet<FromBroker["type"]> = new Set(["control.changed", "peer.ended"]);

/** Posts a frame; what the robot must not miss again, with growing pauses, where the gateway fails to take it. */
export async function postPatiently(env: Env, recipient: Session, connectionId: string, frame: FromBroker): Promise<Posted> {
  const { outbox, clock, pacing } = env;
  const most = recipient.kind === "robot" && vital.has(frame.type) ? attempts : 1;
  const until = clock.now() + patienceMs;
  for (let attempt = 1; ; attempt++) {
    const posted = await outbox.post(connectionId, frame);
    if (posted !== "failed" || attempt >= most || clock.now() >= until) return posted;
    await pacing.pause(leastMs * 2 ** attempt * (0.5 + pacing.random() / 2));
  }
}
