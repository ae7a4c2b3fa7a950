import { causes } from "@tether/protocol/cause";
import type { Presence, RobotPage } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import type * as z from "zod/mini";
import { createWorld, type KeyHolder, operator, owner, viewer, type World } from "../../../local/test/world/world.ts";

type Page = z.infer<typeof RobotPage>;

async function listed(world: World, as = viewer): Promise<Page> {
  // The index by which robots are listed is behind the table.
  await world.idle();
  return (await world.call<Page>("GET", "/v1/robots", { as })).body;
}

/** How a robot stands, by the list and by itself: both must say the same. */
async function presenceOf(world: World, { id }: KeyHolder): Promise<Presence | undefined> {
  const inList = (await listed(world)).items.find((robot) => robot.id === id)?.presence;
  const { body } = await world.call<{ presence: Presence }>("GET", `/v1/robots/${id}`, { as: viewer });
  expect(body.presence).toEqual(inList);
  return inList;
}

test("a robot is told as it stands: never there, connecting, online, away and until when, and offline since when and why [A10]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  expect(await presenceOf(world, robot)).toEqual({ state: "offline" });
  const { body } = await world.ticketFor.robot(robot);
  const end = await world.connect(body.ticket);
  expect(await presenceOf(world, robot)).toEqual({ state: "opening", since: world.clock.now() });
  await world.say(end, { type: "hello", protocol: 1, features: [], instance: "ins_aaaaaaaa", received: {} });
  const online = world.clock.now();
  await world.clock.advance(60_000);
  expect(await presenceOf(world, robot)).toEqual({ state: "online", since: online });
  end.socket.close(1001);
  await world.idle();
  const away = world.clock.now();
  const lost = await presenceOf(world, robot);
  expect(lost).toMatchObject({ state: "away", since: away, backBy: away + limits.session.robotGraceMs });
  expect(lost?.ending).toMatchObject({ says: expect.any(String), remedy: expect.any(String) });
  await world.clock.advance(limits.session.robotGraceMs + 2 * 60_000);
  const gone = await presenceOf(world, robot);
  const { says, remedy } = causes["grace.over"];
  expect(gone).toMatchObject({
    state: "offline",
    ending: { cause: "grace.over", says, remedy, evidence: { awayFor: lost?.ending?.cause, awaySince: away, lastSeenAt: away } },
  });
  expect(gone?.since).toBeGreaterThanOrEqual(away + limits.session.robotGraceMs);
  await world.join(robot);
  expect(await presenceOf(world, robot)).toEqual({ state: "online", since: world.clock.now() });
});

test("a robot whose lease is over is told as such, and a client's end says nothing of its robot [A10]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const client = await world.join(robot, operator);
  await world.say(client, { type: "leave", reason: "done" });
  expect(await presenceOf(world, robot)).toEqual({ state: "offline" });
  await world.join(robot);
  const soon = world.clock.now() + 60_000;
  const { session } = world.system.store.entities;
  await session.patch({ robotId: robot.id, slot: "robot" }).set({ authExpiresAt: soon, dueAt: soon }).go();
  await world.clock.advance(90_000);
  expect((await presenceOf(world, robot))?.state).toBe("expired");
});

test("who drives is told by name, also while control is kept for them, and nobody from the instant on that it is over [A10]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await world.join(robot);
  const driver = await world.join(robot, operator);
  expect((await presenceOf(world, robot))?.driver).toBeUndefined();
  await world.say(driver, { type: "control.request" });
  const held = { id: expect.any(String), name: "Oscar Operator", since: world.clock.now() };
  expect((await presenceOf(world, robot))?.driver).toEqual(held);
  driver.socket.close(1001);
  await world.idle();
  const keptUntil = world.clock.now() + limits.control.keptMs;
  expect((await presenceOf(world, robot))?.driver).toEqual({ ...held, keptUntil });
  await world.clock.advance(limits.control.keptMs - 1);
  expect((await presenceOf(world, robot))?.driver).toBeDefined();
  await world.clock.advance(1);
  expect((await presenceOf(world, robot))?.driver).toBeUndefined();
});

test("a full page of robots asks of the store no more than a page of two, and never more than seven requests [A10]", async () => {
  const world = await createWorld();
  const [online, away] = [await world.createRobot(), await world.createRobot()];
  await world.join(online);
  const end = await world.join(away);
  await world.say(end, { type: "leave", reason: "night" });
  const count = async () => {
    await world.idle();
    world.system.requests.reset();
    const page = await listed(world, owner);
    return { robots: page.items.length, more: page.cursor !== undefined, counts: world.system.requests.counts() };
  };
  const counts = { GetItem: 1, Query: 2, BatchGetItem: 4 };
  expect(await count()).toEqual({ robots: 2, more: false, counts });
  for (let made = 2; made < limits.http.pageItems + 1; made++)
    await world.call("POST", "/v1/robots", { as: owner, body: { name: `Rover ${made}` } });
  expect(await count()).toEqual({ robots: limits.http.pageItems, more: true, counts });
  world.system.requests.reset();
  await world.call("GET", `/v1/robots/${away.id}`, { as: owner });
  expect(world.system.requests.counts()).toEqual({ BatchGetItem: 4 });
});

test("where presence cannot be read the list is unavailable, not a list of robots that are offline [A4, A10]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await world.join(robot);
  let asked = 0;
  world.system.requests.before((operation) => (operation === "BatchGetItem" && ++asked > 1 ? "cut" : "pass"));
  const { status, body } = await world.call("GET", "/v1/robots", { as: owner });
  expect([status, body]).toEqual([503, expect.objectContaining({ code: "unavailable" })]);
});
