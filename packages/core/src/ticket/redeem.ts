import { type Problem, problem } from "@tether/protocol/problem";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import { reserve } from "../session/machine.ts";
import { slotOf } from "../session/read.ts";
import { actorOf, type Identity } from "../session/session.ts";
import { split } from "../session/write.ts";
import type { Store } from "../store/index.ts";
import { nobody, shardOf } from "../store/session.ts";
import { recordKey } from "../store/session-record.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import type { Claims } from "./claims.ts";
import { standing } from "./standing.ts";

type Env = { store: Store; clock: Clock; ids: Ids };

/**
 * Makes the ticket's connection the session's next one. One transaction without a read: the session's newest redeemed
 * epoch must be the one before the ticket's, and what the ticket was issued on must still stand.
 */
export async function redeem(env: Env, claims: Claims, connectionId: string): Promise<Identity | Problem> {
  const at = env.clock.now();
  const { robotId, sessionId, kind, principal, epoch, authExpiresAt, graceMs } = claims;
  const connection = { id: connectionId, since: at };
  const { patch, entry } = reserve({ type: "redeemed", at, epoch, connection, principal, authExpiresAt });
  const key: { robotId: string; slot: string; sessionId: string } = { robotId, slot: slotOf(claims), sessionId };
  const item = toItem(env, { actor: actorOf(claims), ...entry }, { robotId, sessionId, at });
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
  const outcome = await transact(env, (entities) => {
    const { session, sessionRecord, timelineEvent } = entities;
    const reserved =
      epoch === 1
        ? session.create(first).commit()
        : session
            .patch(key)
            .set(set)
            .add({ version: 1 })
            .where((of, { eq }) => `${eq(of.sessionId, key.sessionId)} AND ${eq(of.ticketEpoch, epoch - 1)}`)
            .commit();
    // An ended session has left its place; without this its first ticket could begin it again. Later ones need the place.
    const unended = sessionRecord.check(recordKey(claims)).where((of, { notExists }) => notExists(of.sessionId));
    return [reserved, ...(epoch === 1 ? [unended.commit()] : []), timelineEvent.put(item).commit(), ...standing(entities, claims)];
  });
  if (outcome === "done") return { kind, robotId, sessionId, epoch, principal, connection };
  // Whoever was at the same items just then redeemed this ticket, or a newer one.
  if (outcome === "contended") return problem("ticket.used");
  const [reserved, second] = outcome;
  if (reserved?.refused || (epoch === 1 && second?.refused)) return problem("ticket.used");
  return problem(kind === "robot" ? "credential.unknown" : "access.denied");
}
