import { expect, test } from "vitest";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { createWorld, operator, owner, type World } from "../../../local/test/world/world.ts";

const oscar = "Oscar Operator";

const ways: Record<string, (world: World, robot: string, client: RawEnd) => Promise<unknown>> = {
  "signs off": (world, _, client) => world.say(client, { type: "leave" }),
  "loses the connection": async (world, _, client) => {
    client.socket.close(3000);
    await world.idle();
  },
  "is sent away by another": (world, robot, client) =>
    world.call("POST", `/v1/robots/${robot}/sessions/${client.session}/end`, { as: owner, body: {} }),
  "does not come back in time": async (world, _, client) => {
    client.socket.close(3000);
    await world.clock.advance(10 * 60_000);
  },
};

test.each(Object.keys(ways))("the timeline names the person who %s, whoever acted [P11]", async (way) => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const client = await world.join(robot, operator);
  await ways[way]?.(world, robot.id, client);
  const [entry] = (await world.timeline(robot)).filter(({ session }) => session === client.session);
  expect(entry).toMatchObject({ user: { name: oscar }, says: expect.stringMatching(`^${oscar} is (gone|away)\\.`) });
});

test("what a robot's session comes to is told of the robot [P11]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await world.say(await world.join(robot), { type: "leave" });
  const [entry] = await world.timeline(robot);
  expect([entry?.says, entry]).toEqual([
    expect.stringMatching(/^The robot is gone\./),
    expect.not.objectContaining({ user: expect.anything() }),
  ]);
});
