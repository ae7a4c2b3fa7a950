import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createWorld } from "../../../local/test/world/world.ts";

test.each([
  ["does not know", "failed", false],
  ["says that it lives", "alive", true],
] as const)("a quiet connection of which the gateway %s is verified: %s, %s", async (_what, probed, verified) => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await world.join(robot);
  Object.assign(world.system.env.outbox, { probe: async () => probed });
  const joined = JSON.parse(await world.item(robot, "robot"));
  // The gateway closes it as idle and does not say so.
  world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
  await world.clock.advance(limits.session.verifyMs + 2 * limits.sweep.everyMs);
  const session = JSON.parse(await world.item(robot, "robot"));
  expect([session.state, session.verifiedAt > joined.verifiedAt]).toEqual(["online", verified]);
});
