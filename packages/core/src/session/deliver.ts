import type { FromBroker } from "@tether/protocol/frame";
import type { Clock } from "../clock.ts";
import { keeping } from "../control/keep.ts";
import { apply as applyControl } from "../control/write.ts";
import type { Ids } from "../id.ts";
import type { Outbox } from "../outbox.ts";
import type { Store } from "../store/index.ts";
import { shut } from "./closing.ts";
import type { Event } from "./event.ts";
import { endingOf } from "./inference.ts";
import { partingOf } from "./peer.ts";
import { type Live, peersOf } from "./read.ts";
import type { Away, Connection, Ending, Session } from "./session.ts";
import { apply, type Noted } from "./write.ts";

export type Env = { store: Store; clock: Clock; ids: Ids; outbox: Outbox; noted?: (entry: Noted) => void };

/** The connection that frames for a session go to. */
export function connectionOf(session: Session): Connection | undefined {
  return session.state === "online" || session.state === "expired" ? session.connection : undefined;
}

/**
 * Posts to each recipient that has a connection. One whose connection proves gone is made away, and its peers are told.
 * Answers the recipients as they are then; one that has ended is left out.
 */
export async function tell(
  env: Env,
  live: Live,
  recipients: readonly Session[],
  frameFor: (recipient: Session) => FromBroker,
): Promise<Session[]> {
  const told = await Promise.all(recipients.map((recipient) => tellOne(env, live, recipient, frameFor(recipient))));
  return told.map(({ session }) => session).filter((session) => session !== undefined);
}

/** The same for one; `reached` says whether the gateway took the frame. */
export async function tellOne(
  env: Env,
  live: Live,
  recipient: Session,
  frame: FromBroker,
): Promise<{ session: Session | undefined; reached: boolean }> {
  const connection = connectionOf(recipient);
  if (!connection) return { session: recipient, reached: false };
  const posted = await env.outbox.post(connection.id, frame);
  if (posted !== "gone") return { session: recipient, reached: posted === "posted" };
  const session = await suspect(env, live, recipient, connection);
  // It lives all the same, or has another connection by now: what it was to be told it has not been.
  const next = session && connectionOf(session);
  return { session, reached: next !== undefined && (await env.outbox.post(next.id, frame)) === "posted" };
}

/**
 * Asks the gateway whether a session's connection lives; if not, the session is away and its peers are told.
 * Answers the session as it is then, nothing if it has ended.
 */
export async function suspect(env: Env, live: Live, session: Session, connection: Connection): Promise<Session | undefined> {
  const probed = await env.outbox.probe(connection.id);
  if (probed !== "gone") return session;
  return drop(env, live, session, connection.id, endingOf(connection, { at: env.clock.now(), found: "asked" }));
}

/**
 * A connection is gone. If the session still holds it, the session is away and its peers are told; a late or doubled
 * word of it changes nothing. Answers the session as it is then, nothing if it has ended.
 */
export async function drop(env: Env, live: Live, session: Session, connectionId: string, ending: Ending): Promise<Session | undefined> {
  return release(env, live, session, { type: "dropped", at: env.clock.now(), connectionId, ending });
}

/** The same where the connection is not gone: it is told why and closed, once the session is away. */
export async function dismiss(env: Env, live: Live, session: Session, connectionId: string, ending: Ending): Promise<Session | undefined> {
  return release(env, live, session, { type: "dropped", at: env.clock.now(), connectionId, ending, closing: true });
}

async function release(env: Env, live: Live, session: Session, event: Event): Promise<Session | undefined> {
  const applied = await apply(env, session, event);
  if (!applied.changed) return applied.session;
  await shut(env, applied.closings);
  const parting = applied.entry?.type === "session.away" && partingOf(applied.session);
  // Whoever comes online between the read and this write finds the connection gone by itself: it posts to it.
  if (parting) await tell(env, live, peersOf(live.sessions, session.kind), () => parting);
  if (applied.session.state === "away") await keep(env, live, applied.session);
  return applied.session.state === "ended" ? undefined : applied.session;
}

/** Control is kept a while for a holder that is away, and everyone is told. */
async function keep(env: Env, live: Live, session: Away): Promise<void> {
  const away = keeping(live.control, session, env.clock.now());
  const kept = away && (await applyControl(env, live.control, away));
  const frame = kept?.outcome === "changed" ? kept.frame : undefined;
  const others = live.sessions.filter(({ sessionId }) => sessionId !== session.sessionId);
  if (kept && frame) await tell(env, { ...live, control: kept.lease }, others, () => frame);
}

/** The session of a connection as it is now, read consistently, with all that are live beside it. */
export function own(live: Live, { sessionId }: { sessionId: string }): Session | undefined {
  return live.sessions.find((session) => session.sessionId === sessionId);
}
