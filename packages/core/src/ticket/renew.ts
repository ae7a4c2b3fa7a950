import { isProblem, type Problem, problem } from "@tether/protocol/problem";
import { stands } from "../access/standing.ts";
import { applyDue } from "../delivery/control.ts";
import { type Env, notify } from "../delivery/notify.ts";
import { peerOf } from "../live/peer.ts";
import { findLive, own, peersOf, readLive, slotOf } from "../live/read.ts";
import { actorOf, type Identity, type Session } from "../live/session.ts";
import { dueOnceRenewed } from "../machine/session/due.ts";
import { extend } from "../machine/session/lease.ts";
import { apply, split } from "../machine/session/write.ts";
import { restrict } from "../monitor/restrict.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import type { Claims } from "./claims.ts";

/** The conditions of a renewal besides its session. */
const lost = ["robot", "key", "user", "grant"] as const;

/**
 * Extends a session's lease in place: same connection, same epoch. One write while the session is online; one that
 * has expired, or is about to be handed over, is read as well. A ticket renews once: it names the renewals before it.
 */
export async function renew(env: Env, identity: Identity, claims: Claims): Promise<{ authExpiresAt: number } | Problem> {
  const { robotId, sessionId, principal, authExpiresAt, renewals } = claims;
  if (sessionId !== identity.sessionId || robotId !== identity.robotId) return problem("ticket.purpose");
  // The connection after the ticket was given a lease of its own, which may end later. L4.1
  if (claims.epoch < identity.epoch) return problem("ticket.used");
  const at = env.clock.now();
  if (claims.unmoved || authExpiresAt <= at) {
    const session = await readCurrent(env, identity, claims);
    return isProblem(session) ? session : problem("auth.unmoved"); // L3.2
  }
  const event = { type: "renewed", at, principal, authExpiresAt, renewals: renewals + 1 } as const;
  const { patch, entry } = extend(event);
  const { set } = split({ ...patch, dueAt: dueOnceRenewed(authExpiresAt, at) });
  const item = toItem(env, { actor: actorOf(claims), ...entry }, { robotId, sessionId, at });
  const expected: { sessionId: string; epoch: number } = { sessionId, epoch: identity.epoch };
  const outcome = await transact(env, (entities) => ({
    ...stands(entities, claims),
    session: entities.session
      .patch({ robotId, slot: slotOf(claims) })
      .set(set)
      .add({ version: 1 })
      .where((of, { eq, notExists }) =>
        [
          eq(of.sessionId, expected.sessionId),
          eq(of.epoch, expected.epoch),
          eq(of.renewals, renewals),
          eq(of.state, "online"),
          // A connection that waits for its hello is due sooner than what is set here.
          notExists(of.pending),
        ].join(" AND "),
      )
      .commit(),
    event: entities.timelineEvent.put(item).commit(),
  }));
  if (outcome === "done") env.onTransition?.(entry);
  // A renewal with fewer rights may cost control or monitoring; every other renewal reads nothing. The connection may have been let in with
  // fewer rights than an earlier renewal gave it, so the ticket says it.
  if (outcome === "done" && claims.reduces) await reduce(env, identity);
  if (outcome === "done") return { authExpiresAt };
  if (lost.some((name) => outcome.has(name))) return problem(identity.kind === "robot" ? "credential.unknown" : "access.denied");
  const session = await readCurrent(env, identity, claims);
  if (isProblem(session)) return session;
  const applied = await apply(env, session, event);
  if (!applied.changed) return problem("session.superseded");
  if (applied.before.state === "expired") await announceRevival(env, applied.session);
  if (claims.reduces) await reduce(env, identity);
  return { authExpiresAt };
}

/** The session, if the connection is still its own and the ticket is for its next renewal. */
async function readCurrent(env: Env, identity: Identity, { renewals }: Claims): Promise<Session | Problem> {
  const session = await findLive(env, identity);
  if (session?.epoch !== identity.epoch) return problem("session.superseded");
  return session.renewals === renewals ? session : problem("ticket.used");
}

/** Takes from a session that has fewer rights now what it may no longer do. */
async function reduce(env: Env, identity: Identity): Promise<void> {
  const live = await applyDue(env, await readLive(env, identity.robotId, "consistent"));
  const session = own(live, identity);
  if (session) await restrict(env, [session]);
}

/** Peers whose signals were not relayed meanwhile wait to hear that they may send again. */
async function announceRevival(env: Env, session: Session): Promise<void> {
  const peer = peerOf(session);
  if (!peer) return;
  const live = await applyDue(env, await readLive(env, session.robotId, "consistent"));
  await notify(env, live, peersOf(live.sessions, session.kind), () => ({ type: "peer.online", peer }));
}
