import { expect, test } from "vitest";
import { putRobots, putSessions } from "../../../local/test/world/crowd.ts";
import { createWorld } from "../../../local/test/world/world.ts";
import { createStrays, sweep } from "../../src/sweep/index.ts";

const hourMs = 3_600_000;

/** The store's attribute, of which the domain's session knows nothing. */
const inShard7: object = { shard: "7" };

test("what a deployment with more partitions left there is acted on in time, until those are empty [L7]", async () => {
  const world = await createWorld();
  const { env } = world.system;
  const robots = await putRobots(world, 1, ["owner"]);
  const later = world.clock.now() + 90 * 60_000;
  await putSessions(world, robots, 2, { ...inShard7, authExpiresAt: later, dueAt: later });
  let at = world.clock.now();
  const clock = { now: () => at };
  const strays = createStrays({ ...env, clock });
  expect(await strays()).toEqual(["7"]);
  at = later;
  expect(await sweep({ ...env, clock }, { strays: await strays() })).toMatchObject({ due: 2, done: { expired: 2 } });
  // The index follows the table on the world's clock.
  await world.clock.advance(1_000);
  at = later + hourMs;
  expect(await sweep({ ...env, clock }, { strays: await strays() })).toMatchObject({ due: 2, done: { closed: 2 } });
  await world.clock.advance(1_000);
  at += hourMs;
  expect(await sweep({ ...env, clock }, { strays: await strays() })).toMatchObject({ due: 2, done: { graceOver: 2 } });
  await world.clock.advance(1_000);
  at += hourMs;
  const [left, fresh] = [await strays(), await createStrays({ ...env, clock })()];
  expect([left, fresh]).toEqual([[], []]);
});

test("a partition that cannot be looked at is taken for one that holds something", async () => {
  const world = await createWorld();
  const { env, requests } = world.system;
  requests.before((_operation, body) => (JSON.stringify(body).includes("#shard_9") ? "lose" : "pass"));
  const found = await createStrays(env)();
  expect(found.every((shard) => shard === "9")).toBe(true);
});
