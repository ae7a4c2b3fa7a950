import { homeHeader } from "@tether/aws/cell";
import { locationOf } from "@tether/core/cell";
import { listLive } from "@tether/core/session";
import type { Robot } from "@tether/protocol/http";
import { expect, test } from "vitest";
import { createCells } from "../../../local/test/world/cells.ts";
import { createKey, keysIn } from "../../../local/test/world/key.ts";
import { wholeTable } from "../../../local/test/world/whole-table.ts";
import { admin, operator, owner, stranger, viewer } from "../../../local/test/world/world.ts";

test("a cell answers nobody but home, and its tickets name its own broker [C1, T1]", async () => {
  const { world, other, keys, move } = await createCells();
  const robot = await world.createRobot();
  await move(robot.id, "b");
  const ask = async (headers: Record<string, string>) => (await fetch(`${other.origin}/v1/health`, { headers })).status;
  expect([await ask({}), await ask({ [homeHeader]: "x".repeat(43) }), await ask({ [homeHeader]: keys[0] ?? "" })]).toEqual([403, 403, 200]);
  for (const { body, status } of [await world.ticketFor.robot(robot), await world.ticketFor.client(robot, operator)])
    expect([status, body.url]).toEqual([201, other.brokerUrl]);
  const stays = await world.createRobot();
  expect((await world.ticketFor.robot(stays)).body.url).toBe(world.system.brokerUrl);
});

test("all that is asked of home about a robot of another cell is done there, for who may and for nobody else [C1, A3]", async () => {
  const { world, move } = await createCells();
  const robot = await world.createRobot();
  await move(robot.id, "b");
  const path = `/v1/robots/${robot.id}`;
  expect(await world.call("GET", path, { as: viewer })).toMatchObject({ status: 200, body: { id: robot.id, role: "viewer" } });
  expect(await world.call("GET", path, { as: stranger })).toMatchObject({ status: 404, body: { code: "robot.unknown" } });
  expect(await world.call("GET", path, {})).toMatchObject({ status: 401, body: { code: "auth.missing" } });
  expect(await world.call("PATCH", path, { as: viewer, body: { name: "Mine" } })).toMatchObject({ status: 403 });
  expect(await world.call("PATCH", path, { as: owner, body: { name: "Renamed" } })).toMatchObject({
    status: 200,
    body: { name: "Renamed" },
  });
  expect(await world.call("POST", `${path}/stop`, { as: viewer, body: {} })).toMatchObject({
    status: 503,
    body: { code: "stop.undelivered" },
  });
  expect(await world.call("DELETE", `${path}/grants?to=${encodeURIComponent(`email:${viewer}`)}`, { as: owner })).toMatchObject({
    status: 204,
  });
  expect(await world.call("GET", path, { as: viewer })).toMatchObject({ status: 404 });
  expect((await world.timeline(robot)).map(({ type }) => type)).toEqual(
    expect.arrayContaining(["robot.created", "robot.renamed", "grant.removed"]),
  );
  expect(await world.call("DELETE", path, { as: owner })).toMatchObject({ status: 204 });
  expect(await world.ticketFor.robot(robot)).toMatchObject({ status: 401, body: { code: "assertion.key" } });
});

test("while a robot moves it is refused for now alone, and no other robot is [C3]", async () => {
  const { world } = await createCells();
  const [robot, another] = [await world.createRobot(), await world.createRobot()];
  await world.system.store.entities.robotLocation.put({ robotId: robot.id, cell: "home", movingTo: "b" }).go();
  for (const answer of [
    await world.ticketFor.robot(robot),
    await world.ticketFor.client(robot, operator),
    await world.call("GET", `/v1/robots/${robot.id}`, { as: owner }),
  ]) {
    expect(answer).toMatchObject({ status: 503, body: { code: "robot.moving" } });
    expect(answer.headers.get("retry-after")).toBe("1");
  }
  expect((await world.ticketFor.robot(another)).status).toBe(201);
});

test("what is refused because the robot was moved from under the request is refused for now alone [C3, E3.1]", async () => {
  const { world, move } = await createCells();
  const robot = await world.createRobot();
  await move(robot.id, "b");
  await wholeTable(world.system).entities.robot.remove({ robotId: robot.id }).go();
  const late = async (ask: () => Promise<{ status: number; body: object }>) => {
    let reads = 0;
    // The first look is from before the move.
    world.system.requests.before((operation) => (operation === "GetItem" && ++reads === 1 ? { status: 200, body: {} } : "pass"));
    const answer = await ask();
    world.system.requests.before(undefined);
    expect(answer).toMatchObject({ status: 503, body: { code: "robot.moving" } });
  };
  await late(() => world.ticketFor.robot(robot));
  await late(() => world.ticketFor.client(robot, operator));
  await late(() => world.call("GET", `/v1/robots/${robot.id}`, { as: owner }));
});

test("an assertion that was used in one cell is used up in the other [C3, A2]", async () => {
  const { world, move } = await createCells();
  const robot = await world.createRobot();
  const body = { assertion: robot.assertion() };
  expect((await world.call("POST", "/v1/tickets/robot", { body })).status).toBe(201);
  await move(robot.id, "b");
  expect(await world.call("POST", "/v1/tickets/robot", { body })).toMatchObject({ status: 401, body: { code: "assertion.replayed" } });
});

test("a list has the robots of all cells in the order of their ids, page by page, and is none while a cell is silent [C5, A13]", async () => {
  const { world, other, move } = await createCells();
  const robots = [];
  for (let n = 0; n < 6; n++) robots.push((await world.createRobot(`Rover ${n}`)).id);
  for (const id of robots.filter((_, n) => n % 2 === 0)) await move(id, "b");
  for (const as of [owner, admin]) {
    const { body } = await world.call<{ items: Robot[] }>("GET", "/v1/robots", { as });
    expect(body.items.map(({ id }) => id)).toEqual(robots);
  }
  const { body } = await world.call<{ items: Robot[] }>("GET", "/v1/robots?name=rover%204", { as: owner });
  expect(body.items.map(({ id }) => id)).toEqual([robots[4]]);
  await other.stop();
  for (const [method, path] of [
    ["GET", "/v1/robots"],
    ["GET", `/v1/robots/${robots[0]}`],
  ] as const)
    expect(await world.call(method, path, { as: owner })).toMatchObject({ status: 503, body: { code: "unavailable" } });
  expect(await world.call("GET", `/v1/robots/${robots[1]}`, { as: owner })).toMatchObject({ status: 200 });
});

test("who is signed out is so in every cell, a cell that came later included [C5, U2, U3]", async () => {
  const { world, other, move } = await createCells();
  const [there, later] = [await world.createRobot(), await world.createRobot()];
  await move(there.id, "b");
  const { body: ticket } = await world.ticketFor.client(there, operator);
  const { idToken } = await world.system.identity.tokensFor(operator);
  const asked = (robot: string) =>
    world.call("POST", "/v1/tickets/client", { body: { robot }, headers: { authorization: `Bearer ${idToken}` } });
  expect((await asked(there.id)).status).toBe(201);
  const { body: me } = await world.call<{ id: string }>("GET", "/v1/users/me", { as: operator });
  const answer = await world.call<{ revokedBefore: number }>("POST", `/v1/users/revoke?sub=${me.id}`, { as: admin });
  expect(answer.status).toBe(200);
  const { data } = await other.store.entities.accessPolicy.get({ userId: me.id }).go({ consistent: true });
  expect(data?.revokedBefore).toBe(answer.body.revokedBefore);
  // The cell itself knows nothing of what was revoked before it was there.
  await wholeTable(other).entities.accessPolicy.remove({ userId: me.id }).go();
  await move(later.id, "b");
  for (const robot of [there, later]) expect(await asked(robot.id)).toMatchObject({ status: 401, body: { code: "auth.expired" } });
  expect(ticket.url).toBe(other.brokerUrl);
});

test("a one-time code enrolls a robot in whichever cell it is, and a wrong one none [C5, N4]", async () => {
  const { world, other, move } = await createCells();
  const { createRobot, codeFor, redeem, ticket } = keysIn(world);
  const [moved, made] = [await createRobot(), await createRobot()];
  const before = await codeFor(moved);
  for (const id of [moved, made]) await move(id as Robot["id"], "b");
  for (const [id, { code }] of [
    [moved, before],
    [made, await codeFor(made)],
  ] as const) {
    const key = createKey(world);
    expect(await redeem(code, key)).toMatchObject({ status: 201, body: { robot: { id }, api: { origin: world.system.origin } } });
    expect(await ticket(id, key)).toMatchObject({ status: 201, body: { url: other.brokerUrl } });
    expect(await redeem(code, createKey(world))).toMatchObject({ status: 403, body: { code: "enrollment.invalid" } });
  }
});

test("a create that is repeated answers the robot that it made, wherever that is by now [A5]", async () => {
  const { world, move } = await createCells();
  const create = () =>
    world.call<Robot>("POST", "/v1/robots", { as: owner, body: { name: "Rover" }, headers: { "idempotency-key": "k".repeat(20) } });
  const { body } = await create();
  await move(body.id, "b");
  expect(await create()).toMatchObject({ status: 201, body: { id: body.id } });
  expect((await locationOf(world.system, body.id)).cell).toBe("b");
  expect(await listLive(world.system, body.id, "consistent")).toEqual([]);
  const { body: page } = await world.call<{ items: Robot[] }>("GET", "/v1/robots", { as: owner });
  expect(page.items.map(({ id }) => id)).toEqual([body.id]);
});
