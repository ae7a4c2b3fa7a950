import type { RobotPage } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import type * as z from "zod/mini";
import { admin, createWorld, owner, stranger, viewer, type World } from "../../../local/test/world/world.ts";

type Page = z.infer<typeof RobotPage>;

/** All pages of a list, and how many requests it took. */
async function all(world: World, as: string, query: Record<string, string> = {}) {
  const items: Page["items"] = [];
  let [cursor, pages] = [undefined as string | undefined, 0];
  do {
    const asked = new URLSearchParams({ ...query, ...(cursor !== undefined && { cursor }) });
    const { status, body } = await world.call<Page>("GET", `/v1/robots?${asked}`, { as });
    expect(status).toBe(200);
    items.push(...body.items);
    cursor = body.cursor;
    pages += 1;
  } while (cursor !== undefined);
  return { items, pages, names: items.map(({ name }) => name) };
}

async function fleet(world: World, count: number): Promise<string[]> {
  const { entities } = world.system.store;
  const ids = Array.from({ length: count }, () => world.system.env.ids.next("RobotId"));
  const made = ids.map((robotId, n) => ({ robotId, name: `Mower ${n}`, createdAt: world.clock.now(), createdBy: "u" }));
  for (let from = 0; from < made.length; from += 25) await entities.robot.put(made.slice(from, from + 25)).go();
  return ids.sort();
}

test("an admin lists every robot as its owner, page by page, and finds one by a part of its name [A13]", async () => {
  const world = await createWorld();
  const ids = await fleet(world, 2 * limits.http.pageItems + 1);
  await world.createRobot("Rover");
  const whole = await all(world, admin);
  expect([whole.items.length, whole.pages, new Set(whole.items.map(({ role }) => role))]).toEqual([ids.length + 1, 3, new Set(["owner"])]);
  expect(whole.items.map(({ id }) => id)).toEqual([...whole.items.map(({ id }) => id)].sort());
  expect((await all(world, admin, { name: "ROV" })).names).toEqual(["Rover"]);
  expect((await all(world, admin, { name: "mower 100" })).names).toEqual(["Mower 100"]);
  expect((await all(world, stranger)).items).toEqual([]);
});

test("a list by state holds those that stand so, and a page that is filtered costs no more than one that is not [A13, A10]", async () => {
  const world = await createWorld();
  await fleet(world, 2 * limits.http.pageItems);
  const rover = await world.createRobot("Rover");
  const end = await world.join(rover);
  for (const as of [admin, viewer]) {
    world.system.requests.reset();
    const online = await all(world, as, { state: "online" });
    expect([online.names, online.items[0]?.presence?.state]).toEqual([["Rover"], "online"]);
    const made = Object.values(world.system.requests.counts()).reduce((sum, count) => sum + count, 0);
    expect(made).toBeLessThanOrEqual(7 * online.pages);
  }
  expect((await all(world, admin, { state: "offline" })).items).toHaveLength(2 * limits.http.pageItems);
  await world.say(end, { type: "leave" });
  expect((await all(world, admin, { state: "online" })).items).toEqual([]);
  expect((await all(world, viewer, { state: "offline", name: "rov" })).names).toEqual(["Rover"]);
});

test("of robots that are asked for by id, only those the caller may see are told of [A13, A3]", async () => {
  const world = await createWorld();
  const [strange] = await fleet(world, 1);
  const [one, two] = [await world.createRobot("One"), await world.createRobot("Two")];
  await world.createRobot("Three");
  const robots = [two.id, one.id, strange, one.id].join();
  expect((await all(world, owner, { robots })).names.sort()).toEqual(["One", "Two"]);
  expect((await all(world, admin, { robots })).names.sort()).toEqual(["Mower 0", "One", "Two"]);
  expect((await all(world, stranger, { robots })).items).toEqual([]);
});

const anId = "rob_01JD00000000000000000000A0";

test.each([
  ["no id", "robots="],
  ["what is no id", "robots=rob_1"],
  [
    "51 ids",
    `robots=${Array(limits.http.pageItems + 1)
      .fill(anId)
      .join()}`,
  ],
  ["no state", "state=broken"],
  ["no text", "name="],
])("a list that is asked for with %s is refused [A13]", async (_what, query) => {
  const world = await createWorld();
  const { status, body } = await world.call("GET", `/v1/robots?${query}`, { as: owner });
  expect([status, body.code]).toEqual([422, "request.invalid"]);
});

test("a robot that was renamed or deleted is listed as it is now [A13]", async () => {
  const world = await createWorld();
  const rover = await world.createRobot("Rover");
  await world.call("PATCH", `/v1/robots/${rover.id}`, { as: owner, body: { name: "Digger" } });
  // The index follows the table a moment later.
  const named = async (name: string) => (await all(world, admin, { name })).names;
  await expect.poll(async () => [await named("rover"), await named("dig")]).toEqual([[], ["Digger"]]);
  await world.call("DELETE", `/v1/robots/${rover.id}`, { as: owner });
  await expect.poll(async () => (await all(world, admin)).items).toEqual([]);
});
