import type { Actor } from "@tether/protocol/actor";
import type { Cause } from "@tether/protocol/cause";
import type { RobotId } from "@tether/protocol/id";
import type { Env } from "../session/deliver.ts";
import { type Live, readLive } from "../session/read.ts";
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

/** Who stands on that grant may no longer drive: a session that does so loses control at once, and goes on watching. */
export async function revokeFrom(env: Env, robotId: RobotId, grantee: string, actor: Actor): Promise<void> {
  const live = await readLive(env, robotId, "consistent");
  const { control, sessions } = live;
  const holder = sessions.find((session) => isHeldBy(control, session));
  if (control.state === "free" || holder?.principal.type !== "user" || holder.principal.by !== grantee) return;
  const event = { type: "revoked", at: env.clock.now(), actor, holder: control.holder.sessionId } as const;
  await announce(env, live, await apply(env, control, event));
}
