import { expect, it } from "vitest";
import { createReplica, mayLag } from "../../src/engine/replica.ts";

type Item = Record<string, { S: string }>;

const key = (sk: string) => ({ pk: { S: "robot" }, sk: { S: sk } });
const item = (sk: string, more: Record<string, string> = {}): Item => ({
  ...key(sk),
  ...Object.fromEntries(Object.entries(more).map(([name, S]) => [name, { S }])),
});

const query = (more: object = {}) => ({
  KeyConditionExpression: "#pk = :pk and begins_with(#sk1, :sk1)",
  ExpressionAttributeNames: { "#pk": "pk", "#sk1": "sk" },
  ExpressionAttributeValues: { ":pk": { S: "robot" }, ":sk1": { S: "live" }, ":__edb_e__session": { S: "session" } },
  ...more,
});

/** A replica of a table of these items, whose time goes on by hand. */
function rig(...items: Item[]) {
  let now = 0;
  const table = new Map(items.map((one) => [one.sk?.S, one]));
  const replica = createReplica({ now: () => now });
  const asked: string[] = [];
  const ask = async (operation: string, body: Record<string, unknown>) => {
    asked.push(operation);
    const gets = body.TransactItems as { Get: { Key: Item } }[];
    return { Responses: gets.map(({ Get }) => ({ Item: table.get(Get.Key.sk?.S) })) };
  };
  return {
    replica,
    asked,
    pass(ms: number) {
      now += ms;
    },
    async write(operation: string, body: Record<string, unknown>, ...after: Item[]) {
      await replica.remember(operation, { TableName: "t", ...body }, ask);
      for (const one of after) table.set(one.sk?.S, one);
    },
    read: (lagMs: number, ...found: Item[]) => replica.lagging("Query", query(), { Items: found }, lagMs).Items,
  };
}

const old = item("live#a", { state: "online", __edb_e__: "session" });
const young = item("live#a", { state: "away", __edb_e__: "session" });

it("shows an item as it was before its latest write, for as long as it may lag and no longer", async () => {
  const { write, read, pass } = rig(old);
  await write("UpdateItem", { Key: key("live#a") }, young);
  expect(read(500, young)).toEqual([old]);
  pass(500);
  expect(read(500, young)).toEqual([old]);
  pass(1);
  expect(read(500, young)).toEqual([young]);
});

it("does not show yet what was just made, and shows still what was just deleted", async () => {
  const { write, read } = rig(old);
  const made = item("live#b", { __edb_e__: "session" });
  await write("TransactWriteItems", {
    TransactItems: [{ Put: { TableName: "t", Item: made } }, { Delete: { TableName: "t", Key: key("live#a") } }],
  });
  expect(read(500, made)).toEqual([old]);
});

it("keeps to what was looked for: partition, beginning of the key, entity", async () => {
  const [elsewhere, other] = [item("history#a", { __edb_e__: "session" }), item("live#c", { __edb_e__: "closing" })];
  const { write, read } = rig(elsewhere, other);
  await write("DeleteItem", { Key: key("history#a") });
  await write("DeleteItem", { Key: key("live#c") });
  expect(read(500)).toEqual([]);
});

it("looks up an index by the item's own place in it, as it was", async () => {
  const before = item("live#a", { gsi2pk: "shard_0", gsi2sk: "due_1", __edb_e__: "session" });
  const after = item("live#a", { gsi2pk: "shard_0", gsi2sk: "due_9", __edb_e__: "session" });
  const { write, replica } = rig(before);
  await write("UpdateItem", { Key: key("live#a") }, after);
  const due = (bound: string) =>
    query({
      KeyConditionExpression: "#pk = :pk and #sk1 < :sk1",
      ExpressionAttributeNames: { "#pk": "gsi2pk", "#sk1": "gsi2sk" },
      ExpressionAttributeValues: { ":pk": { S: "shard_0" }, ":sk1": { S: bound } },
    });
  expect(replica.lagging("Query", due("due_5"), { Items: [] }, 500).Items).toEqual([before]);
  expect(replica.lagging("Query", due("due_1"), { Items: [] }, 500).Items).toEqual([]);
});

it("shows an item on the page on which it stood, and on no other", async () => {
  const [a, b, c] = ["live#a", "live#b", "live#c"].map((sk) => item(sk, { __edb_e__: "session" })) as [Item, Item, Item];
  const { write, replica } = rig(a, b, c);
  for (const sk of ["live#a", "live#b"]) await write("DeleteItem", { Key: key(sk) });
  const page = (more: object, answer: object) => replica.lagging("Query", query(more), { Items: [], ...answer }, 500).Items;
  expect(page({ Limit: 1 }, { LastEvaluatedKey: key("live#a") })).toEqual([a]);
  expect(page({ Limit: 1, ExclusiveStartKey: key("live#a") }, { LastEvaluatedKey: key("live#b") })).toEqual([b]);
  expect(page({ ExclusiveStartKey: key("live#b") }, {})).toEqual([]);
  expect(page({ ScanIndexForward: false, ExclusiveStartKey: key("live#b") }, {})).toEqual([a]);
});

it("answers one item like all others", async () => {
  const { write, replica } = rig(old);
  await write("PutItem", { Item: young }, young);
  expect(replica.lagging("GetItem", { Key: key("live#a") }, { Item: young }, 500)).toEqual({ Item: old });
  expect(replica.lagging("GetItem", { Key: key("live#z") }, { Item: young }, 500)).toEqual({ Item: young });
});

it("asks nothing where nothing is written", async () => {
  const { write, asked } = rig();
  await write("Query", query());
  await write("TransactWriteItems", { TransactItems: [{ ConditionCheck: { TableName: "t", Key: key("live#a") } }] });
  expect(asked).toEqual([]);
});

it("lets only reads lag that ask for no more than DynamoDB promises them", () => {
  expect([mayLag("Query", {}), mayLag("GetItem", {})]).toEqual([true, true]);
  expect([mayLag("Query", { ConsistentRead: true }), mayLag("TransactGetItems", {}), mayLag("UpdateItem", {})]).toEqual([
    false,
    false,
    false,
  ]);
});
