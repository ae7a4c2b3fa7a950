import { expect, test } from "vitest";
import { startSdkClient, startSdkRobot } from "../world/sdk-end.ts";
import { createWorld, operator } from "../world/world.ts";

const minute = 60_000;

test("of two machines with one robot's key the newest wins, the older is told and stays away, and the owner can read of it [H6, H6.1, E3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const client = await startSdkClient(world, robot, operator);
  const older = await startSdkRobot(world, robot, 11);
  const newer = await startSdkRobot(world, robot, 12);
  expect(older.states.at(-1)).toMatchObject({ status: "stopped", why: { code: "superseded", remedy: expect.any(String) } });
  expect(newer.session.status).toBe("online");
  expect(newer.session.id).toBe(older.session.id);
  await world.clock.advance(10 * minute);
  expect([older.session.status, newer.session.status]).toEqual(["stopped", "online"]);
  client.signal(1);
  await world.idle();
  expect([older.got, newer.got]).toEqual([[], [1]]);
  expect((await world.timeline(robot)).map(({ type }) => type)).toContain("session.superseded");
});

test("a robot that starts again after its connection was lost is not taken for a copy of itself [K5]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const first = await startSdkRobot(world, robot, 11);
  first.session.close();
  await world.idle();
  const again = await startSdkRobot(world, robot, 12);
  expect(again.session.status).toBe("online");
  expect((await world.timeline(robot)).map(({ type }) => type)).not.toContain("credential.cloned");
});
