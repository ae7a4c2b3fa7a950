import { type Problem, problem } from "@tether/protocol/problem";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import { toClosingItem } from "../session/closing.ts";
import { supported } from "../session/evidence.ts";
import { lapse, reserve } from "../session/pending.ts";
import { fromItem, slotOf } from "../session/read.ts";
import { actorOf, type Connection, type Identity, type Session } from "../session/session.ts";
import { split } from "../session/write.ts";
import type { Store } from "../store/index.ts";
import { nobody, shardOf } from "../store/session.ts";
import { recordKey } from "../store/session-record.ts";
import { type Outcome, transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import type { Claims } from "./claims.ts";
import { standing } from "./standing.ts";

type Env = { store: Store; clock: Clock; ids: Ids };

/** Someone else wrote the session between each look and write, so many times in a row: as if the ticket had been used. */
const attempts = 3;

/**
 * Makes the ticket's connection the session's next one. One transaction without a read: the session's newest redeemed
 * epoch must be the one before the ticket's, and what the ticket was issued on must still stand. Where a connection waits for its
 * hello already, the transaction says so, and one more takes its place.
 */
export async function redeem(env: Env, claims: Claims, connectionId: string): Promise<Identity | Problem> {
  const { robotId, sessionId, kind, principal, epoch } = claims;
  const connection = { id: connectionId, since: env.clock.now() };
  let waiting: Session | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const outcome = await write(env, claims, connection, waiting);
    if (outcome === "done") return { kind, robotId, sessionId, epoch, principal, connection };
    // Whoever was at the same items just then redeemed this ticket, or a newer one.
    if (outcome === "contended") return problem("ticket.used");
    const [reserved, unended] = outcome;
    const isRefused = reserved?.refused || (epoch === 1 && unended?.refused);
    if (!isRefused) return problem(kind === "robot" ? "credential.unknown" : "access.denied");
    const found = reserved?.refused && reserved.found ? fromItem(reserved.found) : undefined;
    if (epoch === 1 || found?.sessionId !== sessionId || found.ticketEpoch !== epoch - 1) return problem("ticket.used");
    waiting = found;
  }
  return problem("ticket.used");
}

async function write(env: Env, claims: Claims, connection: Connection, waiting: Session | undefined): Promise<Outcome> {
  const at = connection.since;
  const { robotId, sessionId, kind, principal, epoch, authExpiresAt, graceMs } = claims;
  const { patch, entry } = reserve({ type: "redeemed", at, epoch, connection, principal, authExpiresAt });
  const key: { robotId: string; slot: string; sessionId: string } = { robotId, slot: slotOf(claims), sessionId };
  const about = { robotId, sessionId, at };
  const item = toItem(env, { actor: actorOf(claims), ...entry }, about);
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
    shard: shardOf(sessionId),
    userId: principal.type === "user" ? principal.id : nobody,
    ticketEpoch: epoch,
    pending: patch.pending,
    dueAt: patch.dueAt ?? at,
  } as const;
  // It lost its place and will not be taken for the session's any more: the sweeper closes it, unless its end did.
  const outdone = waiting?.pending && {
    connectionId: waiting.pending.connection.id,
    ...supported(waiting, lapse, { at, ...waiting.pending }),
  };
  return transact(env, (entities) => {
    const { session, sessionRecord, timelineEvent, closing } = entities;
    const reserved =
      epoch === 1
        ? session.create(first).commit()
        : session
            .patch(key)
            .set(set)
            .add({ version: 1 })
            .where((of, { eq, notExists }) =>
              [
                eq(of.sessionId, key.sessionId),
                eq(of.ticketEpoch, epoch - 1),
                waiting ? eq(of.version, waiting.version) : notExists(of.pending),
              ].join(" AND "),
            )
            .commit({ response: "all_old" });
    // An ended session has left its place; without this its first ticket could begin it again. Later ones need the place.
    const unended = sessionRecord.check(recordKey(claims)).where((of, { notExists }) => notExists(of.sessionId));
    return [
      reserved,
      ...(epoch === 1 ? [unended.commit()] : []),
      timelineEvent.put(item).commit(),
      ...(outdone ? [closing.put(toClosingItem(outdone, about)).commit()] : []),
      ...standing(entities, claims),
    ];
  });
}
