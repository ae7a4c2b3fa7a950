import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { putRobots, putSessions } from "../../../local/test/world/crowd.ts";
import { createWorld, operator, type World } from "../../../local/test/world/world.ts";
import type { Outbox, Probed } from "../../src/outbox.ts";
import { rounds } from "../../src/store/index.ts";
import { checkPresence } from "../../src/sweep/index.ts";

const { everyMs } = limits.presence;
const minute = 60_000;
const alive = { connectedAt: 0, lastActiveAt: 0 };

/** Answers for the gateway, and notes which connections were asked about. */
function probing(world: World, answer: (id: string) => Probed | Promise<Probed> = () => alive): string[] {
  const asked: string[] = [];
  const probe: Outbox["probe"] = async (id) => {
    asked.push(id);
    return answer(id);
  };
  Object.assign(world.system.env.outbox, { probe });
  return asked;
}

/** Sessions whose lease does not end in this test, under their robots. */
async function crowd(world: World, count: number): Promise<void> {
  const robots = await putRobots(world, Math.ceil(count / limits.session.clientsPerRobot), ["owner"]);
  const later = world.clock.now() + 4 * 3_600_000;
  const principal = { type: "user", id: "owner", role: "owner", by: "sub:owner", issuedAt: world.clock.now() } as const;
  await putSessions(world, robots, count, { authExpiresAt: later, dueAt: later - 10 * minute, principal });
}

/** Does each round once, by hand, at its own time. */
async function wholeTurn(world: World) {
  const { env } = world.system;
  const began = world.clock.now();
  const all = [];
  for (let run = 0; run < rounds; run++) all.push(await checkPresence({ ...env, clock: { now: () => began + run * everyMs } }));
  return all;
}

test("each session is asked about once in 30 minutes, and nothing is written about one that lives [L6]", async () => {
  const world = await createWorld();
  await crowd(world, 300);
  const asked = probing(world);
  const written: string[] = [];
  world.system.requests.before((operation) => {
    if (/Put|Update|Delete|Write/.test(operation)) written.push(operation);
    return "pass";
  });
  const runs = await wholeTurn(world);
  expect(asked).toHaveLength(300);
  expect(new Set(asked).size).toBe(300);
  expect(runs.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(300);
  expect(written).toEqual([]);
});

test("only the gateway's word makes a session away: one it does not know about stays, and its round is done again [L6]", async () => {
  const world = await createWorld();
  await crowd(world, 60);
  let isDown = true;
  const asked = probing(world, () => (isDown ? "failed" : alive));
  const clock = { now: () => at };
  let at = world.clock.now();
  const first = await checkPresence({ ...world.system.env, clock });
  expect(first.done).toEqual({ unknown: first.sessions });
  isDown = false;
  at += everyMs;
  const second = await checkPresence({ ...world.system.env, clock });
  expect(second.sessions).toBeGreaterThan(first.sessions);
  expect(second.done).toEqual({ alive: second.sessions });
  expect(asked).toHaveLength(first.sessions + second.sessions);
});

test("a round that was missed is done by the next run [L7]", async () => {
  const world = await createWorld();
  await crowd(world, 120);
  const asked = probing(world);
  const turn = rounds * everyMs;
  const { env } = world.system;
  const began = world.clock.now();
  let lastAt: number | undefined;
  const run = async (at: number) => {
    await checkPresence({ ...env, clock: { now: () => began + at } }, { lastAt });
    lastAt = began + at;
  };
  for (let at = 0; at < turn; at += everyMs) await run(at);
  expect(asked).toHaveLength(120);
  // The first two rounds' second turn does not come.
  for (let at = turn + 2 * everyMs; at < 2 * turn; at += everyMs) await run(at);
  expect(asked).toHaveLength(240);
});

test("a run after a long silence does each round once [L7]", async () => {
  const world = await createWorld();
  await crowd(world, 120);
  const asked = probing(world);
  const now = world.clock.now();
  await checkPresence(world.system.env, { lastAt: now - 24 * 3_600_000 });
  expect([asked.length, new Set(asked).size]).toEqual([120, 120]);
});

test("a run whose time is up leaves its round to the next [L7]", async () => {
  const world = await createWorld();
  await crowd(world, 120);
  probing(world);
  const began = world.clock.now();
  const { env } = world.system;
  const cut = await checkPresence({ ...env, clock: { now: () => began } }, { untilMs: began });
  expect([cut.backlog, cut.done]).toEqual([cut.sessions, {}]);
  const next = await checkPresence({ ...env, clock: { now: () => began + everyMs } });
  expect(next.sessions).toBeGreaterThan(cut.sessions);
  expect(next.done).toEqual({ alive: next.sessions });
});

test("a deadline does not wait behind presence checks that hang [L1, L6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const client = await world.join(robot, operator, { lifeMs: 40 * minute });
  const answer = Promise.withResolvers<Probed>();
  let asked = 0;
  const probe: Outbox["probe"] = () => {
    asked++;
    return answer.promise;
  };
  const env = { ...world.system.env, outbox: { ...world.system.env.outbox, probe } };
  // All rounds at once, none of which comes to an end.
  const began = world.clock.now();
  const checks = Array.from({ length: rounds }, (_, run) => checkPresence({ ...env, clock: { now: () => began + run * everyMs } }));
  await expect.poll(() => asked, { timeout: 20_000 }).toBe(1);
  for (let passed = 0; passed < 31; passed += 4) {
    await world.clock.advance(4 * minute);
    client.send({ type: "ping" });
    await world.idle();
  }
  expect(client.all("auth.expiring")).toHaveLength(1);
  answer.resolve("failed");
  await Promise.all(checks);
});

test("an empty deployment writes nothing", async () => {
  const world = await createWorld();
  world.system.requests.reset();
  await wholeTurn(world);
  expect(Object.keys(world.system.requests.counts()).filter((operation) => /Put|Write|Update/.test(operation))).toEqual([]);
});
