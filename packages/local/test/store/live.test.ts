import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { createDynamo } from "@tether/aws/dynamo";
import { createStore, type Store } from "@tether/core/store";
import type { RobotId } from "@tether/protocol/id";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { realClock } from "../../src/clock/real.ts";
import { type Counting, createCounting } from "../../src/engine/counting.ts";
import { anyone, createTable, tableName } from "../../src/table.ts";
import { engineForTest } from "../engine/given.ts";

const robotId = "rob_01JD00000000000000000000A0" as RobotId;
const other = "rob_01JD00000000000000000000a0" as RobotId;
let engine: Awaited<ReturnType<typeof engineForTest>>;
let counting: Counting;
let store: Store;
let dynamo: ReturnType<typeof createDynamo>;

beforeAll(async () => {
  engine = await engineForTest();
  counting = createCounting({ clock: realClock, target: engine.url });
  await createTable(engine.url);
  dynamo = createDynamo({ ...anyone, endpoint: engine.url, requestHandler: counting.requestHandler });
  store = createStore(dynamo, tableName, { pause: async () => {}, random: () => 0 });
});
afterAll(async () => {
  counting.stop();
  await engine.stop();
});
beforeEach(async () => {
  for (const { session, controlLease } of [await byElectro(robotId), await byElectro(other)]) {
    if (session.length > 0) await store.entities.session.delete(session).go();
    if (controlLease.length > 0) await store.entities.controlLease.delete(controlLease).go();
  }
});

async function byElectro(robot: RobotId, read: "consistent" | "stale" = "consistent") {
  return (await store.collections.live({ robotId: robot }).go({ pages: "all", consistent: read === "consistent" })).data;
}

type Live = "session" | "controlLease";

/** Any value of an attribute, by what ElectroDB says of its type. */
function anyOf(type: unknown): unknown {
  if (Array.isArray(type)) return type[0];
  return { string: "word", number: 7, boolean: false, any: { deep: [1, { er: "x" }], none: null } }[String(type)];
}

/** An item of an entity with every attribute that the entity has. */
function full(kind: Live): Record<string, unknown> {
  const all = Object.entries(store.entities[kind].schema.attributes);
  return Object.fromEntries(all.map(([name, { type }]) => [name, anyOf(type)]));
}

/** Writes an item as ElectroDB would, but for what `more` says. */
async function put(kind: Live, item: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<void> {
  const entity = store.entities[kind] as unknown as { put(item: object): { params(): { Item: object } } };
  const { Item } = entity.put(item).params();
  await dynamo.send(new PutCommand({ TableName: tableName, Item: { ...Item, ...more } }));
}

/** The requests that `work` made to the store. */
async function asked(work: Promise<unknown>): Promise<unknown> {
  const bodies: unknown[] = [];
  counting.before((operation, body) => {
    bodies.push([operation, body]);
    return "pass";
  });
  await work;
  counting.before(undefined);
  return bodies;
}

it.each(["consistent", "stale"] as const)("the store is asked for a live collection as ElectroDB would ask: a %s read", async (read) => {
  const bodies = await asked(store.live(robotId, read));
  expect(bodies).toHaveLength(1);
  // ElectroDB says it also where the read is not consistent, which is what goes without saying.
  const electro = JSON.parse(JSON.stringify(await asked(byElectro(robotId, read))).replace(',"ConsistentRead":false', ""));
  expect(bodies).toEqual(electro);
  expect(await asked(store.live(other, read))).toEqual(JSON.parse(JSON.stringify(bodies).replaceAll(robotId, other)));
});

it("of every attribute that a session or a lease can have, a live collection gives what ElectroDB gives", async () => {
  await put("session", { ...full("session"), robotId, slot: "robot" }, { ofANewerVersion: 1 });
  await put("controlLease", { ...full("controlLease"), robotId }, { ofANewerVersion: 1 });
  const found = await store.live(robotId, "consistent");
  expect(found).toEqual(await byElectro(robotId));
  expect(Object.keys(found.session[0] ?? {}).sort()).toEqual(Object.keys(full("session")).sort());
  expect(Object.keys(found.controlLease[0] ?? {}).sort()).toEqual(Object.keys(full("controlLease")).sort());
});

it("what is absent stays absent, and other robots, kinds and versions stay out of a live collection", async () => {
  const required = Object.entries(store.entities.session.schema.attributes).filter(
    ([, attribute]) => "required" in attribute && attribute.required,
  );
  const least = Object.fromEntries(required.map(([name, { type }]) => [name, anyOf(type)]));
  await put("session", { ...least, robotId, slot: "robot" });
  await put("session", { ...full("session"), robotId: other, slot: "robot" });
  await put("session", { ...full("session"), robotId, slot: "cse_2" }, { __edb_v__: "2" });
  await put("session", { ...full("session"), robotId, slot: "cse_3" }, { __edb_e__: "stranger" });
  await store.entities.robot.put({ robotId, name: "Rover", createdAt: 0, createdBy: "me" }).go();
  const found = await store.live(robotId, "consistent");
  expect(found).toEqual(await byElectro(robotId));
  expect(found.session.map((item) => Object.keys(item).sort())).toEqual([Object.keys(least).sort()]);
  expect(found.controlLease).toEqual([]);
});

it("a live collection of more than one answer's size is read to its end", async () => {
  const principal = { type: "robot", kid: "k".repeat(300_000) };
  for (const slot of ["cse_1", "cse_2", "cse_3", "cse_4", "robot"]) await put("session", { ...full("session"), robotId, slot, principal });
  counting.reset();
  const found = await store.live(robotId, "stale");
  expect(counting.counts().Query).toBeGreaterThan(1);
  expect(found.session.map(({ slot }) => slot)).toEqual(["cse_1", "cse_2", "cse_3", "cse_4", "robot"]);
  expect(found).toEqual(await byElectro(robotId));
});
