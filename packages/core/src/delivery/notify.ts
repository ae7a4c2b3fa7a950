import type { FromBroker } from "@tether/protocol/frame";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import { inferEnding } from "../live/ending.ts";
import { partingOf } from "../live/peer.ts";
import { type Live, peersOf } from "../live/read.ts";
import { type Away, connectionOf, type Identity, type Session } from "../live/session.ts";
import { awayEvent } from "../machine/control/due.ts";
import { apply as applyControl, type Changed, recordUndelivered } from "../machine/control/write.ts";
import type { Closing } from "../machine/session/closing.ts";
import type { Event } from "../machine/session/event.ts";
import { apply, type Transition } from "../machine/session/write.ts";
import type { Outbox } from "../outbox.ts";
import type { Pacing } from "../retry.ts";
import type { Connection } from "../store/connection.ts";
import type { Ending } from "../store/ending.ts";
import type { Store } from "../store/index.ts";
import { closeAll } from "./close.ts";
import { postPatiently } from "./patience.ts";

export type Env = { store: Store; clock: Clock; ids: Ids; outbox: Outbox; pacing: Pacing; onTransition?: (transition: Transition) => void };

type FrameFor = (recipient: Session) => FromBroker;

/** A session that lost its connection, as its transition left it, and what follows from that. */
type Departure = { readonly session: Session; readonly closings: readonly Closing[]; readonly wentAway: boolean };

/** A recipient as it is after a post, nothing if it has ended; `departure` where the post found its connection gone. */
type Notified = { readonly session: Session | undefined; readonly reached: boolean; readonly departure?: Departure | undefined };

/**
 * Posts to each recipient that has a connection. A recipient whose connection proves gone is made away, and its peers are told.
 * Answers the recipients as they are then; one that has ended is left out.
 */
export async function notify(env: Env, live: Live, recipients: readonly Session[], frameFor: FrameFor): Promise<Session[]> {
  const notified = await postAll(env, recipients, frameFor);
  await spread(env, live, departuresIn(notified));
  return notified.map(({ session }) => session).filter((session) => session !== undefined);
}

/** The same for one recipient; `reached` says whether the gateway took the frame. */
export async function notifyOne(env: Env, live: Live, recipient: Session, frame: FromBroker): Promise<Omit<Notified, "departure">> {
  const notified = await post(env, recipient, frame);
  await spread(env, live, departuresIn([notified]));
  return notified;
}

/** Tells the peers of a session that it is over. Answers whether the robot, where it is one of them, knows: it shows its camera to its peers. */
export async function notifyEnd(env: Env, live: Live, kind: Session["kind"], frame: FromBroker): Promise<boolean> {
  const notified = await postAll(env, peersOf(live.sessions, kind), () => frame);
  await spread(env, live, departuresIn(notified));
  return !notified.some(isMissedByRobot);
}

/** Tells the recipients of a change of control. One that the robot could not be told is noted, for the sweeper to tell it again. */
export async function notifyControl(env: Env, live: Live, changed: Changed): Promise<void> {
  await spread(env, live, await postControl(env, changed, live.sessions));
}

/** Whether the gateway has a connection to someone and did not take a frame for it. */
export function isMissed({ session, reached }: Pick<Notified, "session" | "reached">): boolean {
  return !reached && session !== undefined && connectionOf(session) !== undefined;
}

function isMissedByRobot(one: Notified): boolean {
  return one.session?.kind === "robot" && isMissed(one);
}

/**
 * Asks the gateway whether a session's connection lives; if not, the session is away and its peers are told.
 * Answers the session as it is then, nothing if it has ended.
 */
export async function verify(env: Env, live: Live, session: Session, connection: Connection): Promise<Session | undefined> {
  const { session: after, departure } = await probe(env, session, connection);
  await spread(env, live, departure ? [departure] : []);
  return after;
}

/**
 * A connection is gone. If the session still holds it, the session is away and its peers are told; a late or doubled
 * report of it changes nothing. Answers the session as it is then, nothing if it has ended.
 */
export function markGone(
  env: Env,
  live: Live,
  session: Session,
  { connection, epoch }: Pick<Identity, "connection" | "epoch">,
  ending: Ending,
): Promise<Session | undefined> {
  return loseAndAnnounce(env, live, session, { type: "disconnected", at: env.clock.now(), connectionId: connection.id, epoch, ending });
}

/** The same for a connection that the gateway still has: it is told why and closed, once the session is away. */
export function closeAndMarkGone(
  env: Env,
  live: Live,
  session: Session,
  connectionId: string,
  ending: Ending,
): Promise<Session | undefined> {
  return loseAndAnnounce(env, live, session, { type: "disconnected", at: env.clock.now(), connectionId, ending, closing: true });
}

async function loseAndAnnounce(env: Env, live: Live, seen: Session, event: Event): Promise<Session | undefined> {
  const { session, departure } = await loseConnection(env, seen, event);
  await spread(env, live, departure ? [departure] : []);
  return session;
}

/**
 * Tells everybody concerned of departures, also of those that this telling finds. The loop ends: each departure took a connection from a
 * session by a write that only one writer can make, and the connections that are told of it are those that were read as live.
 */
async function spread(env: Env, live: Live, departures: readonly Departure[]): Promise<void> {
  let departed = departures;
  while (departed.length > 0) departed = (await Promise.all(departed.map((departure) => announceDeparture(env, live, departure)))).flat();
}

/** Tells the peers, and keeps control for a holder. Answers the departures that were found by that. */
async function announceDeparture(env: Env, live: Live, { session, closings, wentAway }: Departure): Promise<Departure[]> {
  await closeAll(env, closings);
  const parting = wentAway && partingOf(session);
  // A peer that comes online between the read and this write finds the connection gone by itself: it posts to it.
  const found = parting ? departuresIn(await postAll(env, peersOf(live.sessions, session.kind), () => parting)) : [];
  return session.state === "away" ? [...found, ...(await keepControl(env, live, session))] : found;
}

/** Control is kept a while for a holder that is away, and everyone else is told. */
async function keepControl(env: Env, live: Live, session: Away): Promise<Departure[]> {
  const event = awayEvent(live.control, session, env.clock.now());
  const kept = event && (await applyControl(env, live.control, event));
  const others = live.sessions.filter(({ sessionId }) => sessionId !== session.sessionId);
  return kept?.outcome === "changed" ? postControl(env, kept, others) : [];
}

async function postControl(env: Env, { lease, frame, isRecorded }: Changed, recipients: readonly Session[]): Promise<Departure[]> {
  if (!frame) return [];
  const notified = await postAll(env, recipients, () => frame);
  if (notified.some(isMissedByRobot)) {
    const { type: _type, control: _control, ...words } = frame;
    await recordUndelivered(env, lease, { ...words, at: env.clock.now() });
  }
  // Where this fails the sweeper tells the robot once more, and deletes the note.
  else if (isRecorded) await recordUndelivered(env, lease, undefined).catch(() => {});
  return departuresIn(notified);
}

function postAll(env: Env, recipients: readonly Session[], frameFor: FrameFor): Promise<Notified[]> {
  return Promise.all(recipients.map((recipient) => post(env, recipient, frameFor(recipient))));
}

async function post(env: Env, recipient: Session, frame: FromBroker): Promise<Notified> {
  const connection = connectionOf(recipient);
  if (!connection) return { session: recipient, reached: false };
  const posted = await postPatiently(env, recipient, connection.id, frame);
  if (posted !== "gone") return { session: recipient, reached: posted === "posted" };
  const { session, departure } = await probe(env, recipient, connection);
  // The session is still online, perhaps by another connection: the frame was lost, so it is posted once more.
  const next = session && connectionOf(session);
  return { session, reached: next !== undefined && (await postPatiently(env, recipient, next.id, frame)) === "posted", departure };
}

async function probe(env: Env, session: Session, connection: Connection): Promise<Omit<Notified, "reached">> {
  if ((await env.outbox.probe(connection.id)) !== "gone") return { session };
  const at = env.clock.now();
  return loseConnection(env, session, {
    type: "disconnected",
    at,
    connectionId: connection.id,
    ending: inferEnding(connection, { at, found: "asked" }),
  });
}

async function loseConnection(env: Env, seen: Session, event: Event): Promise<Omit<Notified, "reached">> {
  const applied = await apply(env, seen, event);
  if (!applied.changed) return { session: applied.session };
  const { session, closings, entry } = applied;
  return {
    session: session.state === "ended" ? undefined : session,
    departure: { session, closings, wentAway: entry?.type === "session.away" },
  };
}

function departuresIn(notified: readonly Notified[]): Departure[] {
  return notified.map(({ departure }) => departure).filter((departure) => departure !== undefined);
}
