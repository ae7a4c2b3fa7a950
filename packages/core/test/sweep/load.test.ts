import { realClock } from "@tether/local/clock/real";
import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { putRobots, putSessions } from "../../../local/test/world/crowd.ts";
import { wholeTimeline } from "../../../local/test/world/invariants.ts";
import { wholeTable } from "../../../local/test/world/whole-table.ts";
import { createWorld, type World } from "../../../local/test/world/world.ts";
import { sweep } from "../../src/sweep/index.ts";

const away = { state: "away", ending: { cause: "connection.lost", actor: { type: "gateway" }, inferred: true } } as const;

/** Sessions that are due for four different reasons, a quarter each. */
async function putDue(world: World, count: number): Promise<RobotId[]> {
  const robots = await putRobots(world, Math.ceil(count / limits.session.clientsPerRobot), ["owner"]);
  const now = world.clock.now();
  for (const part of [
    { ...away, connection: undefined, backBy: now },
    { authExpiresAt: now },
    { authExpiresAt: now + Math.max(...limits.auth.warnMs) },
    { state: "expired", closesAt: now } as const,
  ])
    await putSessions(world, robots, count / 4, part);
  return robots;
}

const states = async ({ system }: World) => {
  const { data } = await wholeTable(system).entities.session.scan.go({ pages: "all" });
  const counts: Record<string, number> = {};
  for (const { state } of data) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};

/** So many fill more than one page of each part of the index, however they fall to the parts. */
const pages = 600;

/** More than one sweep does at once, many times over. `DUE=5000` has it do so many, which takes minutes. */
const due = Number(process.env.DUE ?? 600);

test("hundreds of sessions that are due are worked off by one sweep, each as it needs [L7]", async () => {
  const world = await createWorld();
  await putDue(world, due);
  const startedAt = realClock.now();
  const swept = await sweep(world.system.env);
  process.stdout.write(`${due} due sessions: ${realClock.now() - startedAt} ms, ${JSON.stringify(world.system.requests.counts())}\n`);
  const each = due / 4;
  expect(swept).toMatchObject({ due, failed: 0, backlog: 0, more: false });
  expect(swept.done).toEqual({ graceOver: each, expired: each, warned: each, closed: each });
  expect(await states(world)).toEqual({ expired: each, online: each, away: each });
  await world.idle();
  expect(await sweep(world.system.env)).toMatchObject({ due: 0, done: {} });
});

test("a sweep does so many at once and no more [L7]", async () => {
  const world = await createWorld();
  await putDue(world, 3 * limits.sweep.atOnce);
  // Each request takes so long at least: those that arrive within this time of each other are in flight together. It is long enough for a
  // busy machine to begin as many as may be.
  const delayMs = 400;
  const arrived: number[] = [];
  world.system.requests.before(() => {
    arrived.push(realClock.now());
    return { delayMs };
  });
  await sweep(world.system.env);
  const together = arrived.map((at, n) => arrived.slice(n).filter((other) => other < at + delayMs).length);
  expect(Math.max(...together)).toBeLessThanOrEqual(limits.sweep.atOnce);
  expect(Math.max(...together)).toBeGreaterThan(limits.sweep.atOnce / 2);
});

test("a sweep whose time is up says what it leaves, and the next one goes on from there [L7]", async () => {
  const world = await createWorld();
  await putDue(world, pages);
  const { env } = world.system;
  // The clock passes the end of the time after so many looks at it.
  let looks = 0;
  const clock = { now: () => world.clock.now() + (looks++ > 400 ? limits.sweep.budgetMs : 0) };
  const first = await sweep({ ...env, clock }, { untilMs: world.clock.now() + limits.sweep.budgetMs });
  expect([first.failed, first.more, first.backlog > 0]).toEqual([0, true, true]);
  const done = Object.values(first.done).reduce((sum, count) => sum + count, 0);
  expect(first.due).toBe(done + first.backlog);
  // The index shows by then what the first has done.
  await world.idle();
  const second = await sweep(env);
  expect([second.due, second.failed, second.backlog]).toEqual([pages - done, 0, 0]);
});

test("a sweep that dies in the middle leaves the rest due, and the next ones, two at once, finish it, each session once [L7]", async () => {
  const world = await createWorld();
  const robots = await putDue(world, pages);
  let seen = 0;
  world.system.requests.before(() => {
    seen++;
    return seen < 420 ? "pass" : { status: 400, body: { __type: "com.amazonaws.dynamodb.v20120810#ValidationException", message: "no" } };
  });
  const died = await sweep(world.system.env).catch((error: Error) => error);
  expect(died).toBeInstanceOf(Error);
  world.system.requests.before(undefined);
  const left = await states(world);
  const each = pages / 4;
  expect(left).not.toEqual({ expired: each, online: each, away: each });
  const both = await Promise.all([sweep(world.system.env), sweep(world.system.env)]);
  expect(both.map(({ failed, backlog }) => [failed, backlog])).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(await states(world)).toEqual({ expired: each, online: each, away: each });
  const told = (await Promise.all(robots.map((robot) => wholeTimeline(world, robot)))).flat();
  const count = (type: string) => told.filter((event) => event.type === type).length;
  expect(["session.ended", "session.expired", "session.expiring", "session.away"].map(count)).toEqual([each, each, each, each]);
});

test("a part of the index that cannot be read takes no other with it, and is worked off by the next sweep [L7]", async () => {
  const world = await createWorld();
  await putDue(world, 160);
  let queries = 0;
  // The first part's Query, as often as it is tried.
  world.system.requests.before((operation, body) => {
    const isFirst = operation === "Query" && JSON.stringify(body).includes("shard_0");
    if (isFirst) queries++;
    return isFirst ? "cut" : "pass";
  });
  const first = await sweep(world.system.env);
  expect([first.unread, first.failed, queries > 0]).toEqual([1, 0, true]);
  expect(first.due).toBeGreaterThan(80);
  world.system.requests.before(undefined);
  await world.idle();
  expect(await sweep(world.system.env)).toMatchObject({ due: 160 - first.due, unread: 0, failed: 0 });
});
