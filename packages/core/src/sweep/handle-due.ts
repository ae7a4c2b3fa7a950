import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { closeAll, closeLeftover, forget } from "../delivery/close.ts";
import { applyDue, notifyAgain } from "../delivery/control.ts";
import { announceEnd } from "../delivery/end.ts";
import { closeAndMarkGone, type Env } from "../delivery/notify.ts";
import { readLive } from "../live/read.ts";
import type { Expired, Online, Session } from "../live/session.ts";
import { connectionOf } from "../live/session.ts";
import type { Closing } from "../machine/session/closing.ts";
import { apply } from "../machine/session/write.ts";
import { endGrace } from "../session/end.ts";
import type { EndedSession } from "../store/ended-session.ts";
import { isHeld, type Refusals } from "./admission.ts";

/** A closing as it was noted, with what peers are to be told where the session ended with it. */
export type DueClosing = Closing & { readonly ended?: EndedSession | undefined };

/** The outcome of handling one session, one control lease or one closing. */
export type Handled =
  | "lapsed"
  | "graceOver"
  | "held"
  | "warned"
  | "expired"
  | "closed"
  | "unknown"
  | "nothing"
  | "controlChanged"
  | "controlNotified"
  | "closingDone";

/**
 * Does what is due for one session, and tells whom it concerns. The session may have been read from an index that
 * lags: every step is a transition that the machine takes only if it is due and the store only if nothing came before.
 */
export async function handleDue(env: Env, session: Session, refusals: Refusals): Promise<Handled> {
  const at = env.clock.now();
  if (session.pending && at >= session.pending.lapsesAt) return lapse(env, session, at);
  switch (session.state) {
    case "away":
      if (isHeld(session, await refusals(), at)) return "held";
      return (await endGrace(env, session)) ? "graceOver" : "nothing";
    case "expired":
      return at >= session.closesAt ? closeExpired(env, session) : "nothing";
    case "online":
      return handleDueOnline(env, session, at);
    default:
      return "nothing";
  }
}

/** Makes a control lease what it is by now: free, kept, or held by who came back. A robot that was not told of it is told. */
export async function handleDueControl(env: Env, robotId: RobotId): Promise<Handled> {
  const read = await readLive(env, robotId, "consistent");
  const live = await applyDue(env, read);
  // A note that this run made was for the case that it ended before it told anyone.
  const undelivered = read.control.undelivered && live.control.undelivered;
  if (undelivered) return (await notifyAgain(env, live, undelivered)) ? "controlNotified" : "unknown";
  return live === read ? "nothing" : "controlChanged";
}

/** A handler did not get to tell and close a connection that it had taken the session from, or to tell the peers of the session that ended with it. D21 */
export async function handleDueClosing(env: Env, closing: DueClosing): Promise<Handled> {
  const isClosed = await closeLeftover(env, closing);
  const isAnnounced = closing.ended === undefined || (await announceEnd(env, closing.ended));
  if (!isClosed || !isAnnounced) return "unknown";
  await forget(env, [closing]);
  return "closingDone";
}

async function lapse(env: Env, session: Session, at: number): Promise<Handled> {
  const applied = await apply(env, session, { type: "lapsed", at });
  if (!applied.changed) return "nothing";
  await closeAll(env, applied.closings);
  return "lapsed";
}

async function handleDueOnline(env: Env, session: Online, at: number): Promise<Handled> {
  const expired = await apply(env, session, { type: "expired", at });
  if (expired.changed) {
    await env.outbox.post(session.connection.id, { type: "auth.expired", closesAt: at + limits.auth.renewMs });
    return "expired";
  }
  const warned = await apply(env, session, { type: "warned", at });
  if (warned.changed) {
    await env.outbox.post(session.connection.id, { type: "auth.expiring", expiresAt: warned.session.authExpiresAt });
    return "warned";
  }
  return "nothing";
}

/** The lease ran out and was not renewed in time: the connection is told and closed, the session waits for a new one. */
async function closeExpired(env: Env, session: Expired): Promise<Handled> {
  const live = await readLive(env, session.robotId, "consistent");
  const ending = {
    cause: "auth.expired",
    actor: { type: "system" },
    inferred: false,
    evidence: { authExpiresAt: session.authExpiresAt },
  } as const;
  const current = live.sessions.find(({ sessionId }) => sessionId === session.sessionId);
  const connection = current?.state === "expired" ? connectionOf(current) : undefined;
  if (!current || !connection) return "nothing";
  await closeAndMarkGone(env, live, current, connection.id, ending);
  return "closed";
}
