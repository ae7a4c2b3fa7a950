import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { startSdkClient, startSdkRobot } from "../world/sdk-end.ts";
import { createWorld, operator } from "../world/world.ts";

const second = 1_000;

test("a page that is loaded again goes on with its session: the robot sees it go and come back, and what it sends arrives [T7]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await startSdkRobot(world, robot);
  const page = await startSdkClient(world, robot, operator);
  const { id } = page.session;
  page.session.close();
  await world.clock.advance(5 * second);
  expect(robotEnd.told.at(-1)).toMatchObject({ event: "peer.away", cause: "connection.closed" });
  const again = await startSdkClient(world, robot, operator, { seed: 3, ...(id !== undefined && { resume: id }) });
  expect([again.session.id, again.session.epoch]).toEqual([id, 2]);
  again.signal(1);
  await world.idle();
  expect([robotEnd.got, robotEnd.told.map(({ event }) => event)]).toEqual([[1], ["peer.online", "peer.away", "peer.online"]]);
});

test("a page that comes back after its grace gets a new session, and the robot is told that the old one ended and why [L5, T7]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await startSdkRobot(world, robot);
  const page = await startSdkClient(world, robot, operator);
  const { id } = page.session;
  page.session.close();
  await world.clock.advance(limits.session.clientGraceMs + limits.sweep.everyMs);
  const again = await startSdkClient(world, robot, operator, { seed: 3, ...(id !== undefined && { resume: id }) });
  expect([again.session.id === id, again.session.epoch]).toEqual([false, 1]);
  expect(robotEnd.told.find(({ event }) => event === "peer.ended")).toMatchObject({ cause: "grace.over" });
});
