import type { Actor } from "@tether/protocol/actor";
import type { Cause } from "@tether/protocol/cause";
import type { RobotId } from "@tether/protocol/id";
import { isHeldBy } from "../live/control-lease.ts";
import { type Live, readLive } from "../live/read.ts";
import type { Ended } from "../live/session.ts";
import { due } from "../machine/control/due.ts";
import { type Applied, apply } from "../machine/control/write.ts";
import { type Env, notify } from "./notify.ts";

/** Tells everyone attached what became of control. Answers what lives then. */
export async function announce(env: Env, live: Live, applied: Applied): Promise<Live> {
  const now = { ...live, control: applied.lease };
  const frame = applied.outcome === "changed" ? applied.frame : undefined;
  if (frame) await notify(env, now, now.sessions, () => frame);
  return now;
}

/** More steps than these at once is a defect: away, expired and free. */
const steps = 8;

/** Makes the lease what it is by the clock and its holder's session, and tells everyone, before anything is decided by it. */
export async function applyDue(env: Env, seen: Live): Promise<Live> {
  let live = seen;
  for (let step = 0; step < steps; step++) {
    const event = due(live.control, live.sessions, env.clock.now());
    if (!event) return live;
    const applied = await apply(env, live.control, event);
    // Someone else came first: what was read of the sessions says nothing of the new lease.
    live = applied.outcome === "changed" ? await announce(env, live, applied) : await readLive(env, live.control.robotId, "consistent");
  }
  throw new Error(`control of ${seen.control.robotId} does not settle`);
}

/** Endings that took the right to drive away, not only the session. */
const revoking: readonly Cause[] = ["grant.removed", "user.revoked", "admin.ended", "robot.deleted"];

/** A session ended: if it held control, control is free, and everyone is told by whom. */
export async function loseControl(env: Env, live: Live, { sessionId, ending }: Ended): Promise<void> {
  const { control } = live;
  if (!isHeldBy(control, { sessionId })) return;
  const type = revoking.includes(ending.cause) ? "revoked" : "ended";
  const event = { type, at: env.clock.now(), actor: ending.actor, holder: control.holder.sessionId } as const;
  await announce(env, live, await apply(env, control, event));
}

/** The grant no longer allows driving: a session that holds control by it loses control at once, and goes on watching. */
export async function revokeControl(env: Env, robotId: RobotId, grantee: string, actor: Actor): Promise<void> {
  const live = await readLive(env, robotId, "consistent");
  const { control, sessions } = live;
  const holder = sessions.find((session) => isHeldBy(control, session));
  if (control.state === "free" || holder?.principal.type !== "user" || holder.principal.by !== grantee) return;
  const event = { type: "revoked", at: env.clock.now(), actor, holder: control.holder.sessionId } as const;
  await announce(env, live, await apply(env, control, event));
}
