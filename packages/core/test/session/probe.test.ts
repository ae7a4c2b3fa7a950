import { expect, test } from "vitest";
import { createWorld, operator } from "../../../local/test/world/world.ts";

const said = { type: "signal", id: "s1", stream: 1, seq: 1, data: { kind: "app", body: 1 } };

test.each([
  ["failed", "online"],
  ["gone", "away"],
] as const)("a post that is answered 410 and a probe that is %s leave the session %s", async (probed, state) => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [machine, client] = [await world.join(robot), await world.join(robot, operator)];
  world.system.faults.set([{ name: "post.gone", times: 1 }]);
  Object.assign(world.system.env.outbox, { probe: async () => probed });
  await world.say(client, { ...said, to: machine.session });
  expect(JSON.parse(await world.item(robot, "robot")).state).toBe(state);
});
