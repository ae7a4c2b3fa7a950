import type { FromBroker } from "@tether/protocol/frame";
import type { Clock } from "../clock.ts";
import type { Session } from "../live/session.ts";
import type { Outbox, Posted } from "../outbox.ts";
import { type Pacing, retry } from "../retry.ts";

type Env = { outbox: Outbox; clock: Clock; pacing: Pacing };

/** A post is not tried again once this much has passed: the rest of the invocation needs its time. */
const patienceMs = 1_000;

const once = { attempts: 1, leastMs: 0, mostMs: 0 } as const;
const often = { attempts: 4, leastMs: 50, mostMs: 400 } as const;

/** Frames that a robot must not miss and may get twice: they say who drives, and that a client may no longer see what it sends. */
const vital: ReadonlySet<FromBroker["type"]> = new Set(["control.changed", "peer.ended"]);

/** Posts a frame; what the robot must not miss again, with growing pauses, where the gateway fails to take it. */
export async function postPatiently(env: Env, recipient: Session, connectionId: string, frame: FromBroker): Promise<Posted> {
  const { outbox, clock, pacing } = env;
  const rhythm = recipient.kind === "robot" && vital.has(frame.type) ? often : once;
  const until = clock.now() + patienceMs;
  return retry(
    pacing,
    rhythm,
    () => outbox.post(connectionId, frame),
    (posted) => posted === "failed" && clock.now() < until,
  );
}
