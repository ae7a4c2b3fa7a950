import type { Actor } from "@tether/protocol/actor";
import type { Cause } from "@tether/protocol/cause";
import type { ControlChanged } from "@tether/protocol/frame/control";
import type { RobotId } from "@tether/protocol/id";
import { controlOf, isHeldBy, policyOf } from "../live/control-lease.ts";
import { type Live, peersOf, readLive } from "../live/read.ts";
import { due } from "../machine/control/due.ts";
import { type Applied, apply, recordUndelivered } from "../machine/control/write.ts";
import type { EndedSession } from "../store/ended-session.ts";
import type { UndeliveredNotice } from "../store/undelivered-notice.ts";
import { type Env, isMissed, notify, notifyControl, notifyOne } from "./notify.ts";

/** Tells everyone attached what became of control. Answers what lives then. */
export async function announce(env: Env, live: Live, applied: Applied): Promise<Live> {
  const now = { ...live, control: applied.lease };
  if (applied.outcome === "changed") await notifyControl(env, now, applied);
  return now;
}

/**
 * Tells the robot of a change that it may not know of, and the clients where they may not either. A robot without a connection needs no
 * notice: it is welcomed with control as it is. Answers whether it knows now.
 */
export async function notifyAgain(env: Env, live: Live, undelivered: UndeliveredNotice): Promise<boolean> {
  const { at: _at, toClients, ...words } = undelivered;
  const frame: ControlChanged = { type: "control.changed", control: controlOf(live.control), ...words };
  if (toClients) await notify(env, live, peersOf(live.sessions, "robot"), () => frame);
  const deliveries = await Promise.all(peersOf(live.sessions, "client").map((robot) => notifyOne(env, live, robot, frame)));
  if (deliveries.some(isMissed)) return false;
  await recordUndelivered(env, live.control, undefined);
  return true;
}

/** Tells a robot's clients of its new policy: whoever drives asks for a permit that carries it. D18.1 */
export async function announcePolicy(env: Env, robotId: RobotId, actor: Actor): Promise<void> {
  const live = await readLive(env, robotId, "consistent");
  const policy = policyOf(live.control);
  const frame: ControlChanged = { type: "control.changed", control: controlOf(live.control), because: "configured", actor, policy };
  await notify(env, live, peersOf(live.sessions, "robot"), () => frame);
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
export async function loseControl(env: Env, live: Live, { sessionId, ending }: EndedSession): Promise<void> {
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
