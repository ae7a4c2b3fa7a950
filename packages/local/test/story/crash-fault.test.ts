import { expect, test } from "vitest";
import { createWorld, operator, owner } from "../world/world.ts";

const crash = { name: "crash", rate: 1 } as const;

test("an invocation that crashes before its first request leaves the store as it was, and whoever asked is told to ask again", async () => {
  const world = await createWorld();
  world.system.faults.set([crash]);
  const before = world.system.requests.counts();
  const failed = await world.call("POST", "/v1/robots", { as: owner, body: { name: "Rover" } });
  expect([failed.status, world.system.requests.counts()]).toEqual([500, before]);
  world.system.faults.set([]);
  expect((await world.call("POST", "/v1/robots", { as: owner, body: { name: "Rover" } })).status).toBe(201);
  // The index by which robots are listed is behind the table.
  await world.idle();
  expect((await world.call<{ items: object[] }>("GET", "/v1/robots", { as: owner })).body.items).toHaveLength(1);
});

test("a frame whose invocation crashes is answered by the gateway alone, and changes nothing", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const client = await world.join(robot, operator);
  const before = await world.item(robot, client.session);
  world.system.faults.set([crash]);
  await world.say(client, { type: "leave" });
  world.system.faults.set([]);
  expect(client.frames.at(-1)).toMatchObject({ message: "Internal server error" });
  expect([await world.item(robot, client.session), client.closed]).toEqual([before, undefined]);
});
