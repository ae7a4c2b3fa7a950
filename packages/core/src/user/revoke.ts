import type { UserRevoked } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { actorOf, admins, type Caller } from "../access/caller.ts";
import { unrevoked } from "../access/revoked.ts";
import type { Env } from "../session/deliver.ts";
import { endWhat } from "../session/end.ts";
import { listLive } from "../session/read.ts";
import type { Principal } from "../session/session.ts";
import { once } from "../store/once.ts";

/**
 * Signs a user out everywhere: from that write on no token of before buys or redeems a ticket. Then the user's live
 * sessions end, each told why. Oneself or an admin may.
 */
export async function revoke(env: Env, caller: Caller, sub: string): Promise<UserRevoked | Problem> {
  const refused = await unrevoked(env, caller);
  if (refused) return refused;
  if (sub !== caller.sub && !caller.groups.includes(admins)) return problem("access.denied");
  const revokedBefore = nextSecond(env.clock.now());
  const { accessPolicy } = env.store.entities;
  // Refused where it stands later already: a revocation never moves back.
  await once(
    accessPolicy
      .put({ userId: sub, revokedBefore })
      .where((of, { notExists, lt }) => `${notExists(of.revokedBefore)} OR ${lt(of.revokedBefore, revokedBefore)}`)
      .go(),
  );
  await endSessions(env, caller, sub, revokedBefore);
  return { id: sub, revokedBefore };
}

/**
 * A token's `iat` is in whole seconds. Of one stamped with this very second nobody can tell whether it came before or after, so all of
 * it counts as before; who signs in within that second is told `auth.expired` and gets a token of the next.
 */
function nextSecond(now: number): number {
  return (Math.floor(now / 1000) + 1) * 1000;
}

/** The index says which robots to look at; what is live there is then read consistently. */
async function endSessions(env: Env, caller: Caller, sub: string, revokedBefore: number): Promise<void> {
  const { data } = await env.store.entities.session.query.byUser({ userId: sub }).go({ pages: "all" });
  const robots = new Set(data.map(({ robotId }) => robotId as RobotId));
  const ending = { cause: "user.revoked", actor: actorOf(caller), inferred: false } as const;
  await Promise.all(
    [...robots].map(async (robotId) => {
      const live = await listLive(env, robotId, "consistent");
      const standsOn = (of: Principal) => of.type === "user" && of.id === sub && of.issuedAt < revokedBefore;
      await Promise.all(live.map((session) => endWhat(env, session, standsOn, ending)));
    }),
  );
}
