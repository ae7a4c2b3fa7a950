import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Store } from "@tether/core/store";
import { expect, test } from "vitest";
import { createCells } from "../../../local/test/world/cells.ts";
import { type Item, pagesOf, take } from "../../src/cell/take.ts";

const robotId = "rob_00000000000000000000000000";
const grant = { robotId, to: "sub:ada", role: "owner", givenAt: 1, givenBy: "bob" } as const;

async function rig() {
  const { world, other } = await createCells();
  const [from, to] = [world.system.store, other.store];
  await from.entities.grant.put(grant).go();
  const item = async (): Promise<Item> => {
    for await (const [first] of pagesOf(from, from.entities.grant.query.primary({ robotId }))) if (first) return first;
    throw new Error("There is no grant.");
  };
  const raw = async ({ source: { client, table } }: Store, { pk, sk }: Item) =>
    (await client.send(new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }))).Item;
  return { world, from, to, item, raw, between: { from, to, hold: async () => undefined } };
}

test("an item that was written again since it was read is not lost to the older one, nor is a right that was taken [C2]", async () => {
  const { from, to, item, raw, between } = await rig();
  const seen = await item();
  await from.entities.grant.put({ ...grant, role: "viewer" }).go();
  await take(between, seen);
  expect([await raw(from, seen), (await raw(to, seen))?.role]).toEqual([undefined, "viewer"]);
  await from.entities.grant.put(grant).go();
  const again = await item();
  await from.entities.grant.remove({ robotId, to: grant.to }).go();
  await take(between, again);
  expect([await raw(from, seen), await raw(to, seen)]).toEqual([undefined, undefined]);
});

test("a delete whose answer is lost is not taken for another one's: the item stays where it was put [C2]", async () => {
  const { world, from, to, item, raw, between } = await rig();
  const seen = await item();
  let lost = 0;
  world.system.requests.before((_, body) => (JSON.stringify(body).includes("#a0 = :a0") && lost++ === 0 ? "lose" : "pass"));
  await take(between, seen);
  expect(lost).toBeGreaterThan(1);
  expect([await raw(from, seen), await raw(to, seen)]).toEqual([undefined, seen]);
});
