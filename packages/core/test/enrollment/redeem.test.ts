import { expect, test } from "vitest";
import { createKey, keysIn } from "../../../local/test/world/key.ts";
import { meanwhile } from "../../../local/test/world/meanwhile.ts";
import { createWorld } from "../../../local/test/world/world.ts";

test("a code that is replaced between its look-up and the write lets nobody in", async () => {
  const world = await createWorld();
  const { createRobot, codeFor, redeem, list } = keysIn(world);
  const robot = await createRobot();
  const { code } = await codeFor(robot);
  meanwhile(world, () => codeFor(robot));
  expect((await redeem(code, createKey(world))).body.code).toBe("enrollment.invalid");
  expect(await list(robot)).toEqual([]);
});
