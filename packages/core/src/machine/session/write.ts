import type { Ids } from "../../id.ts";
import { findLive, fromItem, slotOf } from "../../live/read.ts";
import { actorOf, type Ended, type Session } from "../../live/session.ts";
import type { EndedSession } from "../../store/ended-session.ts";
import type { Store } from "../../store/index.ts";
import { once } from "../../store/once.ts";
import { failure, isContended } from "../../store/patience.ts";
import { roundOf, shardOf } from "../../store/session.ts";
import { recordKey } from "../../store/session-record.ts";
import { transact } from "../../store/transact.ts";
import type { Entry } from "../../timeline/entry.ts";
import { forgottenAt, toItem } from "../../timeline/event.ts";
import { type Closing, toClosingItem } from "./closing.ts";
import { dueAt } from "./due.ts";
import type { Change, Event, Patch, State } from "./event.ts";
import { next } from "./machine.ts";

/** A transition that was written, as it is counted. */
export type Transition = Pick<Entry, "type" | "cause">;

/** `onTransition` is called for each transition that was written, and for no other. */
type Env = { store: Store; ids: Ids; onTransition?: (transition: Transition) => void };

export type Applied =
  | {
      readonly changed: true;
      readonly before: Session;
      readonly session: Session;
      readonly entry: Entry | undefined;
      /** Still to be told and closed, by whoever made this happen. */
      readonly closings: readonly Closing[];
    }
  /** Nothing to do. Without a session: it has ended. */
  | { readonly changed: false; readonly session: Session | undefined };

/** More writers than this at one session at one time is a defect, not a race. */
const attempts = 10;

/** Lets an event happen to a session: the transition and its timeline entry in one transaction, again if another came first. */
export async function apply(env: Env, seen: Session, event: Event): Promise<Applied> {
  let session: Session | undefined = seen;
  for (let attempt = 0; attempt < attempts && session; attempt++) {
    const change = next(session, event);
    if (change === "ignored") return { changed: false, session };
    const after = merge(session, change.patch);
    const written: Written = await write(env, session, after, change, event.at).catch((error: unknown): Written => {
      // Others were at the session all the time: what they made of it may leave nothing to do.
      if (isContended(error)) return "moved";
      throw error;
    });
    const { entry, closings = [] } = change;
    if (written === "written") {
      if (entry) env.onTransition?.(entry);
      return { changed: true, before: session, session: after, entry, closings };
    }
    session = written === "moved" ? await findLive(env, session) : written.found;
  }
  if (session) throw failure("contended", `session ${seen.sessionId} is contended`);
  return { changed: false, session };
}

function merge(session: Session, patch: Patch): Session {
  // A patch of the machine sets and removes what its state asks for; the spread cannot show that.
  const after = { ...session, ...patch, version: session.version + 1 } as Session;
  return { ...after, dueAt: dueAt(after) };
}

type Set = { -readonly [K in keyof Patch]?: NonNullable<Patch[K]> } & { state?: State };
type Removable = "instance" | "connection" | "previous" | "monitors" | "tracks" | "pending" | "backBy" | "closesAt" | "ending";

/** The attributes that an update of a live session sets, and those that it removes. */
export function split(patch: Patch): { set: Set; remove: Removable[] } {
  const entries = Object.entries(patch);
  const set: Set = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  // Only what a patch may set to `undefined` gets here.
  const remove = entries.filter(([, value]) => value === undefined).map(([name]) => name as Removable);
  return { set, remove };
}

/** `moved`: another write came first, or others were there all the time; what they made of it is still to be read. */
type Written = "written" | "moved" | { readonly found: Session | undefined };

async function write(env: Env, before: Session, after: Session, { patch, entry, closings = [] }: Change, at: number): Promise<Written> {
  const key = { robotId: before.robotId, slot: slotOf(before) };
  const about = { robotId: before.robotId, sessionId: before.sessionId, at };
  const item = entry && toItem(env, { actor: actorOf(after), ...entry }, { ...about, ...personOf(after) });
  // A session that comes online moves to the shard in which this deployment looks, wherever it was begun.
  const looked = patch.connection && { shard: shardOf(after.sessionId, env.store.shards), round: roundOf(after.sessionId) };
  const { set, remove } = split({ ...patch, ...looked, dueAt: after.dueAt });
  if (!item && closings.length === 0 && after.state !== "ended") {
    // A transition without an entry writes one item, and a transaction of one costs twice its write.
    const changed = env.store.entities.session.patch(key).set(set).remove(remove).add({ version: 1 });
    const written = await once(changed.where(({ version }, { eq }) => eq(version, before.version)).go());
    return written === "written" ? "written" : "moved";
  }
  const outcome = await transact(env, ({ session, sessionRecord, lastSession, timelineEvent, closing }) => {
    const written = {
      event: item && timelineEvent.put(item).commit(),
      closings: closings.map((one) => closing.put(toClosingItem(env.store, one, { ...about, ended: endedOf(before, after) })).commit()),
    };
    const held = { response: "all_old" } as const;
    if (after.state === "ended") {
      const removed = session.delete(key).where(({ version }, { eq }) => eq(version, before.version));
      const record = recordOf(after, at);
      const { robotId, endedAt, ending, ttl } = record;
      const last = after.kind === "robot" ? lastSession.put({ robotId, endedAt, ending, ttl }).commit() : undefined;
      return { session: removed.commit(held), ...written, record: sessionRecord.put(record).commit(), last };
    }
    const changed = session.patch(key).set(set).remove(remove).add({ version: 1 });
    return { session: changed.where(({ version }, { eq }) => eq(version, before.version)).commit(held), ...written };
  });
  if (outcome === "done") return "written";
  const there = outcome.found("session");
  const found = there && fromItem(there);
  return { found: found?.sessionId === before.sessionId ? found : undefined };
}

/** The frame that tells peers of the session's end; none where the session goes on, or where they never knew of it. */
function endedOf(before: Session, after: Session): EndedSession | undefined {
  if (after.state !== "ended" || before.state === "opening") return undefined;
  const { robotId, sessionId, kind, epoch, ending } = after;
  return { robotId, sessionId, kind, epoch, ending };
}

/** An ending's actor may be the gateway or an admin, so an entry also names the person whose session it is. P11 */
function personOf({ principal }: Session) {
  if (principal.type === "robot") return {};
  const { id, name } = principal;
  return { user: { id, ...(name !== undefined && { name }) } };
}

function recordOf(session: Ended, endedAt: number) {
  const { sessionId, kind, epoch, principal, authExpiresAt, startedAt, ending } = session;
  return { ...recordKey(session), sessionId, kind, epoch, principal, authExpiresAt, startedAt, ending, endedAt, ttl: forgottenAt(endedAt) };
}
