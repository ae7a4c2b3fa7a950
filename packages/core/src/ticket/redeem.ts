import type { Cause } from "@tether/protocol/cause";
import { type Problem, problem } from "@tether/protocol/problem";
import { hasMoved, isStanding, lostBy, readStanding } from "../access/standing.ts";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import { withEvidence } from "../live/ending.ts";
import { findLive, fromItem, slotOf } from "../live/read.ts";
import { actorOf, type Identity, type Session } from "../live/session.ts";
import { toClosingItem } from "../machine/session/closing.ts";
import { lapse, reserve } from "../machine/session/pending.ts";
import { apply, split } from "../machine/session/write.ts";
import type { Connection } from "../store/connection.ts";
import type { Store } from "../store/index.ts";
import { once } from "../store/once.ts";
import { isContended } from "../store/patience.ts";
import { nobody, roundOf, shardOf } from "../store/session.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import type { Claims } from "./claims.ts";

type Env = { store: Store; clock: Clock; ids: Ids };

/** Someone else wrote the session between each look and write, so many times in a row: try later. */
const attempts = 3;

/**
 * Makes the ticket's connection the session's next one. The session's newest redeemed epoch must be the one before the ticket's; where a
 * connection waits for its hello already, the transaction says so, and one more takes its place. What the ticket was issued on is read
 * after that write: whoever takes a right away writes first and then looks for sessions, so at least one of the two sees the other.
 * As conditions of the transaction they would make the clients of one robot, or the tabs of one user, refuse each other.
 */
export async function redeem(env: Env, claims: Claims, connectionId: string): Promise<Identity | Problem> {
  const { robotId, sessionId, kind, principal, epoch } = claims;
  const connection = { id: connectionId, since: env.clock.now() };
  let waiting: Session | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const outcome = await write(env, claims, connection, waiting);
    // Others were at the same items all the time. What they made of the session says whether one of them had the same ticket.
    const found = outcome === "contended" ? await findLive(env, claims) : outcome === "done" ? undefined : outcome.found;
    if (outcome === "done" || isOwn(found, connection)) {
      const standing = await readStanding(env, claims);
      if (isStanding(standing)) return { kind, robotId, sessionId, epoch, principal, connection };
      await withdraw(env, claims, connection, hasMoved(standing) ? "robot.moved" : lostBy(standing));
      if (hasMoved(standing)) return problem("robot.moving");
      return problem(kind === "robot" ? "credential.unknown" : "access.denied");
    }
    if (outcome === "contended" && !found) continue;
    if (found?.sessionId !== sessionId || found.ticketEpoch !== epoch - 1) return problem("ticket.used");
    waiting = found.pending && found;
  }
  return problem("unavailable");
}

/** Whether the session waits for this very connection: the write was done, and its answer was lost. */
function isOwn(session: Session | undefined, { id }: Connection): boolean {
  return session?.pending?.connection.id === id;
}

/** Undoes what was reserved for a connection that is not let in. Its closing is left to the sweeper: the gateway does not have it yet. */
async function withdraw(env: Env, claims: Claims, { id }: Connection, cause: Cause | undefined): Promise<void> {
  const session = await findLive(env, claims);
  const ending = cause ? ({ cause, actor: { type: "system" }, inferred: false } as const) : lapse;
  if (session) await apply(env, session, { type: "withdrawn", at: env.clock.now(), connectionId: id, ending });
}

/** A condition on a session's item, of a plain write and of a transaction's. */
type Condition = Parameters<ReturnType<ReturnType<Store["entities"]["session"]["patch"]>["set"]>["where"]>[0];

/** `found`: what is in the session's place, where that is not what the ticket needs. */
type Written = "done" | "contended" | { readonly found: Session | undefined };

async function write(env: Env, claims: Claims, connection: Connection, waiting: Session | undefined): Promise<Written> {
  const at = connection.since;
  const { robotId, sessionId, kind, principal, epoch, authExpiresAt, graceMs } = claims;
  const { patch, entry } = reserve({ type: "redeemed", at, epoch, connection, principal, authExpiresAt });
  const key: { robotId: string; slot: string; sessionId: string } = { robotId, slot: slotOf(claims), sessionId };
  const about = { robotId, sessionId, at };
  const item = toItem(env, { actor: actorOf(claims), ...entry }, about);
  // An ended session has left its place. So that its first ticket cannot begin it again, its opening has one place on the timeline;
  // later tickets need the session's own.
  const opening = { ...item, eventId: sessionId.replace(/^[^_]+/, "evt") };
  const { set } = split(patch);
  const first = {
    ...key,
    kind,
    state: "opening",
    version: 1,
    epoch: 0,
    renewals: 0,
    warned: 0,
    verifiedAt: at,
    principal,
    authExpiresAt,
    graceMs,
    startedAt: at,
    since: at,
    shard: shardOf(sessionId, env.store.shards),
    round: roundOf(sessionId),
    userId: principal.type === "user" ? principal.id : nobody,
    ticketEpoch: epoch,
    pending: patch.pending,
    dueAt: patch.dueAt ?? at,
  } as const;
  // The replaced connection will never become the session's: the sweeper closes it, unless its end did.
  const replaced = waiting?.pending && {
    connectionId: waiting.pending.connection.id,
    ...withEvidence(waiting, lapse, { at, ...waiting.pending }),
  };
  /** A later ticket needs the session as the ticket before left it. */
  const isNext: Condition = (of, { eq, notExists }) =>
    [
      eq(of.sessionId, key.sessionId),
      eq(of.ticketEpoch, epoch - 1),
      waiting ? eq(of.version, waiting.version) : notExists(of.pending),
    ].join(" AND ");

  async function writeOne(): Promise<Written> {
    const changed = env.store.entities.session.patch(key).set(set).add({ version: 1 });
    const written = await once(changed.where(isNext).go());
    return written === "written" ? "done" : { found: await findLive(env, claims) };
  }

  async function writeAll(): Promise<Written> {
    const outcome = await transact(env, ({ session, timelineEvent, closing }) => {
      const held = { response: "all_old" } as const;
      return {
        session:
          epoch === 1 ? session.create(first).commit(held) : session.patch(key).set(set).add({ version: 1 }).where(isNext).commit(held),
        event: epoch === 1 ? timelineEvent.create(opening).commit() : timelineEvent.put(item).commit(),
        replaced: replaced && closing.put(toClosingItem(env.store, replaced, about)).commit(),
      };
    });
    if (outcome === "done") return "done";
    const there = outcome.found("session");
    return { found: there && fromItem(there) };
  }

  // The hello or the lapse of a later connection has an entry of its own, so its opening is one plain write, at a quarter of the price.
  const written = epoch === 1 || replaced ? writeAll() : writeOne();
  return written.catch((error: unknown) => {
    if (isContended(error)) return "contended";
    throw error;
  });
}
