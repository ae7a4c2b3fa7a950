import type { Cause } from "@tether/protocol/cause";
import type { Env } from "../session/deliver.ts";
import type { Live } from "../session/read.ts";
import type { Ended } from "../session/session.ts";
import { isHeldBy } from "./lease.ts";
import { announce } from "./settle.ts";
import { apply } from "./write.ts";

/** Endings that took the right to drive away, not only the session. */
const revoking: readonly Cause[] = ["grant.removed", "user.revoked", "admin.ended", "robot.deleted"];

/** A session ended: if it held control, control is free, and everyone is told by whom. */
export async function lose(env: Env, live: Live, { sessionId, ending }: Ended): Promise<void> {
  const { control } = live;
  if (!isHeldBy(control, { sessionId })) return;
  const type = revoking.includes(ending.cause) ? "revoked" : "ended";
  const event = { type, at: env.clock.now(), actor: ending.actor, holder: control.holder.sessionId } as const;
  await announce(env, live, await apply(env, control, event));
}
