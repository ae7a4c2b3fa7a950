import type { Leave } from "@tether/protocol/frame/leave";
import type { Problem } from "@tether/protocol/problem";
import { closeAll, closeConnections, forget } from "../delivery/close.ts";
import { announceEnd } from "../delivery/end.ts";
import type { Env } from "../delivery/notify.ts";
import { own, readLive } from "../live/read.ts";
import { checkSender } from "../live/sender.ts";
import { actorOf, type Identity, type Session } from "../live/session.ts";
import { accountOf } from "../machine/session/account.ts";
import type { Event } from "../machine/session/event.ts";
import { apply } from "../machine/session/write.ts";
import type { Pending } from "../store/connection.ts";
import type { Ending } from "../store/ending.ts";
import type { Principal } from "../store/principal.ts";

/**
 * Ends a session for good: fenced first, then its connection is told why and closed, then its peers are told.
 * Ending what has ended changes nothing; the answer says whether this did.
 */
export function end(env: Env, session: Session, ending: Ending): Promise<boolean> {
  return finish(env, session, { type: "ended", at: env.clock.now(), ending });
}

type StandsOn = (principal: Principal) => boolean;

/** Ends what of a session stands on what was taken away: all of it, or a connection that has not said hello. */
export async function endWhat(env: Env, session: Session, standsOn: StandsOn, ending: Ending): Promise<void> {
  const { principal, pending } = session;
  if (standsOn(principal)) await end(env, session, ending);
  else if (pending && standsOn(pending.principal)) await withdraw(env, session, pending, standsOn, ending);
}

async function withdraw(env: Env, session: Session, { connection }: Pending, standsOn: StandsOn, ending: Ending): Promise<void> {
  const applied = await apply(env, session, { type: "withdrawn", at: env.clock.now(), connectionId: connection.id, ending });
  if (applied.changed) await closeAll(env, applied.closings);
  // The connection said hello just now, so the whole session stands on that principal.
  else if (applied.session && standsOn(applied.session.principal)) await end(env, applied.session, ending);
}

/** A session that was away for longer than its grace ends. */
export function endGrace(env: Env, session: Session): Promise<boolean> {
  return finish(env, session, { type: "graceOver", at: env.clock.now() });
}

async function finish(env: Env, session: Session, event: Event): Promise<boolean> {
  const applied = await apply(env, session, event);
  if (!applied.changed || applied.session.state !== "ended") return false;
  const closed = await closeConnections(env, applied.closings);
  const isAnnounced = applied.before.state === "opening" || (await announceEnd(env, applied.session));
  // D21: until then the notes stand, so that the sweeper does what is left where this process ends before, or the robot could not be told.
  if (isAnnounced) await forget(env, closed);
  return true;
}

/** The end itself says that it leaves. */
export async function leave(env: Env, identity: Identity, { reason, why }: Leave): Promise<Problem | undefined> {
  const session = own(await readLive(env, identity.robotId, "consistent"), identity);
  const refused = checkSender(session, identity, env.clock.now());
  // A session whose lease is over may still leave.
  if (!session || (refused && refused.problem !== "session.expired")) return refused;
  const { cause, evidence } = accountOf(identity.kind === "robot" ? why : undefined);
  await end(env, session, {
    cause: cause ?? (identity.kind === "robot" ? "robot.left" : "client.left"),
    actor: actorOf(session),
    inferred: false,
    evidence: { ...evidence, ...(reason !== undefined && { reason }) },
  });
  return undefined;
}
