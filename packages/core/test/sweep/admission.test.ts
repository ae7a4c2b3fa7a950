import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createWorld, type KeyHolder, type World } from "../../../local/test/world/world.ts";
import { roundOf, rounds } from "../../src/store/index.ts";

const minute = 60_000;
const { robotGraceMs } = limits.session;

async function lose(world: World, robot: KeyHolder) {
  const end = await world.join(robot);
  end.socket.close(1001);
  await world.idle();
  return end.session;
}

const isLive = async (world: World, robot: KeyHolder) =>
  (await world.system.store.entities.session.query.primary({ robotId: robot.id }).go()).data.length === 1;

test("while no tickets are given no grace runs out, and it counts from when they are given again [L5.1]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const session = await lose(world, robot);
  world.system.throttle.shut(true);
  expect((await world.ticketFor.robot(robot)).status).toBe(429);
  await world.clock.advance(3 * robotGraceMs);
  expect(await isLive(world, robot)).toBe(true);
  world.system.throttle.shut(false);
  await world.clock.advance(robotGraceMs - 2 * minute);
  expect(await isLive(world, robot)).toBe(true);
  // A session that was refused for so long goes on where it was.
  const { body } = await world.ticketFor.robot(robot);
  expect(body.session).toMatchObject({ id: session, resumed: true });
});

test("after that a session that stays away ends as any other [L5, L5.1]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await lose(world, robot);
  world.system.throttle.shut(true);
  await world.clock.advance(2 * robotGraceMs);
  world.system.throttle.shut(false);
  await world.clock.advance(robotGraceMs + 2 * minute);
  expect(await isLive(world, robot)).toBe(false);
  expect((await world.timeline(robot)).filter(({ type }) => type === "session.ended")).toMatchObject([{ cause: "grace.over" }]);
});

test("a refusal that was over before a grace ends counts as well, if it lasted for five minutes [L5.1]", async () => {
  const world = await createWorld();
  const robots: KeyHolder[] = [];
  // At least one session is in each round of presence checks. A session's round follows from its id, which is random from one millisecond to the next.
  for (const found = new Set<string>(); found.size < rounds; await world.clock.advance(1)) {
    const robot = await world.createRobot(`Robot ${robots.length}`);
    robots.push(robot);
    found.add(roundOf(await lose(world, robot)));
  }
  world.system.throttle.shut(true);
  await world.clock.advance(limits.presence.everyMs + minute);
  world.system.throttle.shut(false);
  const [first] = robots as [KeyHolder];
  await world.clock.advance(robotGraceMs - limits.presence.everyMs);
  expect(await isLive(world, first)).toBe(true);
  await world.clock.advance(robotGraceMs);
  expect(await isLive(world, first)).toBe(false);
});

test("a refusal of before a session was away is nothing to it [L5.1]", async () => {
  const world = await createWorld();
  const [earlier, robot] = [await world.createRobot("Earlier"), await world.createRobot()];
  await lose(world, earlier);
  world.system.throttle.shut(true);
  await world.clock.advance(robotGraceMs + 2 * minute);
  world.system.throttle.shut(false);
  await world.clock.advance(2 * minute);
  await lose(world, robot);
  await world.clock.advance(robotGraceMs + 2 * minute);
  expect(await isLive(world, robot)).toBe(false);
});
