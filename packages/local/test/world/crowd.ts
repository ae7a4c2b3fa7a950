import type { Session } from "@tether/core/session";
import { roundOf, shardOf } from "@tether/core/store";
import { forClient } from "@tether/core/ticket";
import type { RobotId, SessionId } from "@tether/protocol/id";
import type { RawEnd } from "./raw-end.ts";
import { createKeyHolder, greeting, type World } from "./world.ts";

/** More robots and sessions than anyone would make request by request. */

/** Robots that were never heard of: each with a key, and with everyone as an owner who is named. */
export async function putRobots(world: World, count: number, owners: readonly string[]): Promise<RobotId[]> {
  const { store, ids } = world.system.env;
  const { robot, credential, grant } = store.entities;
  const at = world.clock.now();
  const robots = Array.from({ length: count }, () => createKeyHolder(ids.next("RobotId") as RobotId, world.system.origin, world.clock));
  await robot.put(robots.map(({ id }, n) => ({ robotId: id, name: `Robot ${n}`, createdAt: at, createdBy: "test" }))).go();
  const keys = robots.map(({ id, kid, publicKey }) => ({ robotId: id, kid, publicKey, registeredAt: at, registeredBy: "test" }));
  await credential.put(keys.map((key) => ({ ...key, state: "active" as const }))).go();
  const roles = robots.flatMap(({ id }) => owners.map((sub) => ({ robotId: id, to: `sub:${sub}`, role: "owner" as const })));
  await grant.put(roles.map((role) => ({ ...role, givenAt: at, givenBy: "test" }))).go();
  // Until the indexes show them.
  await world.idle();
  return robots.map(({ id }) => id);
}

/** A client that got its ticket without the API, whose rates are for one person. */
export async function joinAs(world: World, robot: RobotId, sub: string): Promise<RawEnd> {
  const now = world.clock.now();
  const caller = { sub, groups: [], issuedAt: now, expiresAt: now + 4 * 3_600_000 };
  const issued = await forClient(world.system.env, caller, { robot });
  if ("problem" in issued) throw new Error(issued.problem);
  const end = await world.connect(issued.ticket);
  end.session = issued.claims.sessionId;
  await world.say(end, { type: "hello", ...greeting });
  return end;
}

/** Puts client sessions into the table as they would stand there; `part` says what is special about each. */
export async function putSessions(world: World, robots: readonly RobotId[], count: number, part: Partial<Session>): Promise<SessionId[]> {
  const { store, ids } = world.system.env;
  const at = world.clock.now();
  const items = Array.from({ length: count }, (_, n) => {
    const sessionId = ids.next("ClientSessionId") as SessionId;
    const robotId = robots[n % robots.length] as RobotId;
    const principal = { type: "user", id: `user-${n}`, role: "operator", by: `sub:user-${n}`, issuedAt: at } as const;
    return {
      robotId,
      slot: sessionId,
      sessionId,
      kind: "client" as const,
      state: "online" as const,
      version: 2,
      epoch: 1,
      ticketEpoch: 1,
      renewals: 0,
      principal,
      authExpiresAt: at + 3_600_000,
      graceMs: 120_000,
      startedAt: at,
      since: at,
      warned: 0,
      verifiedAt: at,
      dueAt: at,
      shard: shardOf(sessionId, store.shards),
      round: roundOf(sessionId),
      userId: principal.id,
      connection: { id: `gone-${n}=`, since: at },
      instance: "ins_aaaaaaaa",
      ...part,
    };
  });
  await store.entities.session.put(items as never).go();
  await world.idle();
  return items.map(({ sessionId }) => sessionId);
}
