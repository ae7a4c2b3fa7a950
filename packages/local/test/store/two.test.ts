import { expect, test } from "vitest";
import { wholeTable } from "../world/whole-table.ts";
import { createWorld } from "../world/world.ts";

test("two systems in one process keep to their own tables, and one that ends takes nothing from the other", async () => {
  const [one, other] = [await createWorld(), await createWorld()];
  const [mine, theirs] = [await one.createRobot(), await other.createRobot()];
  const robots = async ({ system }: typeof one) => (await wholeTable(system).entities.robot.scan.go()).data.map(({ robotId }) => robotId);
  expect([await robots(one), await robots(other)]).toEqual([[mine.id], [theirs.id]]);
  await other.system.stop();
  await one.join(mine);
  const { data } = await one.system.store.collections.live({ robotId: mine.id }).go();
  expect(data.session).toMatchObject([{ state: "online" }]);
});
