import type { UserRevoked } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { type Problem, problem } from "@tether/protocol/problem";
import { actorOf, admins, type Caller } from "../access/caller.ts";
import { unrevoked } from "../access/revoked.ts";
import type { Env } from "../delivery/notify.ts";
import { listLive } from "../live/read.ts";
import { endWhat } from "../session/end.ts";
import { once } from "../store/once.ts";
import type { Principal } from "../store/principal.ts";
import type { SignIns } from "./sign-ins.ts";

type RevokeEnv = Env & { signIns: SignIns };

/**
 * Signs a user out everywhere: from the first write on no token of before buys or redeems a ticket. Then the user's live sessions end,
 * each told why, and the sign-ins at the identity provider, so that no refresh token buys another. Oneself or an admin may.
 */
export async function revoke(env: RevokeEnv, caller: Caller, sub: string): Promise<UserRevoked | Problem> {
  const refused = await unrevoked(env, caller);
  if (refused) return refused;
  if (sub !== caller.sub && !caller.groups.includes(admins)) return problem("access.denied");
  let revokedBefore = await fence(env, sub);
  const [signIns] = await Promise.all([env.signIns.end(sub), endAll(env, caller, sub, revokedBefore)]);
  if (signIns === "failed") return problem("issuer.unavailable");
  if (signIns === "ended" && nextSecond(env.clock.now()) > revokedBefore) {
    // A refresh token may have bought something while the provider was told.
    revokedBefore = await fence(env, sub);
    await endAll(env, caller, sub, revokedBefore);
  }
  return { id: sub, revokedBefore, signIns };
}

/** Makes void what was issued until now. Returns from when on tokens are good. */
async function fence(env: RevokeEnv, sub: string): Promise<number> {
  const revokedBefore = nextSecond(env.clock.now());
  const { accessPolicy } = env.store.entities;
  // Refused where it stands later already: a revocation never moves back.
  await once(
    accessPolicy
      .put({ userId: sub, revokedBefore })
      .where((of, { notExists, lt }) => `${notExists(of.revokedBefore)} OR ${lt(of.revokedBefore, revokedBefore)}`)
      .go(),
  );
  return revokedBefore;
}

/**
 * A token's `iat` is in whole seconds. A token that is stamped with this very second may be from before or after, so all of
 * it counts as before; who signs in within that second is told `auth.expired` and gets a token of the next.
 */
function nextSecond(now: number): number {
  return (Math.floor(now / 1000) + 1) * 1000;
}

/**
 * Looks twice, as the index is behind the table: a session may have begun just before the fence and not be in it yet. None begins after it,
 * so what the first look did not show the second does.
 */
async function endAll(env: RevokeEnv, ...about: [Caller, string, number]): Promise<void> {
  await endSessions(env, ...about);
  await env.pacing.pause(limits.user.indexMs);
  await endSessions(env, ...about);
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
