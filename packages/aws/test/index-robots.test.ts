import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { wholeTable } from "../../local/test/world/whole-table.ts";
import { admin, createWorld, type World } from "../../local/test/world/world.ts";
import { indexRobots } from "../src/index-robots.ts";

type Page = { readonly items: readonly { readonly name: string }[] };

async function names(world: World): Promise<string[]> {
  const { body } = await world.call<Page>("GET", "/v1/robots", { as: admin });
  return body.items.map(({ name }) => name).sort();
}

/** Makes the robot's item what it was before there was the index. */
async function withoutIndex(store: ReturnType<typeof wholeTable>, robotId: string): Promise<void> {
  const { client, table } = store.source;
  const { Key } = store.entities.robot.get({ robotId }).params<{ Key: Record<string, string> }>();
  await client.send(new UpdateCommand({ TableName: table, Key, UpdateExpression: "REMOVE gsi1pk, gsi1sk" }));
}

test("a robot that was made before the index of all robots is in an admin's list once the robots are indexed, unchanged", async () => {
  const world = await createWorld();
  const [old, renamed] = [await world.createRobot("Old"), await world.createRobot("Renamed")];
  await world.createRobot("New");
  const store = wholeTable(world.system);
  for (const { id } of [old, renamed]) await withoutIndex(store, id);
  const before = await store.entities.robot.get({ robotId: old.id }).go();
  await expect.poll(() => names(world), { timeout: 20_000 }).toEqual(["New"]);
  expect(await indexRobots(store)).toEqual({ looked: 3, indexed: 2 });
  await expect.poll(() => names(world), { timeout: 20_000 }).toEqual(["New", "Old", "Renamed"]);
  expect(await store.entities.robot.get({ robotId: old.id }).go()).toEqual(before);
  expect(await indexRobots(store)).toEqual({ looked: 3, indexed: 0 });
});

test("a robot that moved to another cell is not put back into this one's list [C5]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot("Moved");
  const store = wholeTable(world.system);
  await withoutIndex(store, robot.id);
  await store.entities.robot.patch({ robotId: robot.id }).set({ movedTo: "b" }).go();
  await withoutIndex(store, robot.id);
  expect(await indexRobots(store)).toEqual({ looked: 1, indexed: 0 });
});

test("a robot that is deleted while the robots are indexed stays deleted", async () => {
  const world = await createWorld();
  const [first, second] = [await world.createRobot("First"), await world.createRobot("Second")];
  const store = wholeTable(world.system);
  for (const { id } of [first, second]) await withoutIndex(store, id);
  // The robot was among those that were found.
  store.source.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === "UpdateItemCommand") await store.entities.robot.delete({ robotId: first.id }).go();
        return next(args);
      },
    { step: "initialize" },
  );
  expect(await indexRobots(store)).toEqual({ looked: 2, indexed: 1 });
  expect((await store.entities.robot.scan.go()).data.map(({ name }) => name)).toEqual(["Second"]);
});
