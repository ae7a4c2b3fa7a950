import { expect, test } from "vitest";
import { createKey, keysIn, type TestKey } from "../../../local/test/world/key.ts";
import { createWorld, greeting } from "../../../local/test/world/world.ts";

/** A robot online with one key, that has rotated to the next since. */
async function rotated() {
  const world = await createWorld();
  const keys = keysIn(world);
  const { robot, key } = await keys.enrolled();
  const { body } = await keys.ticket(robot, key, { instance: "ins_aaaaaaaa" });
  const end = await world.connect(body.ticket);
  await world.say(end, { type: "hello", ...greeting });
  const next = createKey(world);
  await keys.rotate(robot, key, next);
  await keys.ticket(robot, next, { instance: "ins_aaaaaaaa", use: "renew" });
  return { ...keys, world, robot, key, next, end };
}

test.each([
  ["new", ({ next }: { next: TestKey }) => next],
  ["retiring", ({ key }: { key: TestKey }) => key],
])("a copy of a robot that has rotated its key is noticed with the %s key too [K5]", async (_which, keyOf) => {
  const setting = await rotated();
  const { robot, ticket, events } = setting;
  expect(await events(robot, "credential.cloned")).toEqual([]);
  expect((await ticket(robot, keyOf(setting), { instance: "ins_bbbbbbbb" })).status).toBe(201);
  expect(await events(robot, "credential.cloned")).toMatchObject([{ evidence: { instance: "ins_bbbbbbbb", rival: "ins_aaaaaaaa" } }]);
});
