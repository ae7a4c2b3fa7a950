import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { admin, createWorld, greeting, operator, owner, type World } from "../../../local/test/world/world.ts";

const subOf = async (world: World, as: string) => (await world.call<{ id: string }>("GET", "/v1/users/me", { as })).body.id;

test("a ticket for a session's second connection is good once, also after its hello [T3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await world.join(robot);
  const { body } = await world.ticketFor.robot(robot);
  const second = await world.connect(body.ticket);
  await world.say(second, { type: "hello", ...greeting });
  expect(second.last("welcome")?.session).toMatchObject({ epoch: 2 });
  expect((await world.connect(body.ticket)).status).toBe(409);
  expect((await world.ticketFor.robot(robot)).body.session).toMatchObject({ id: body.session.id, epoch: 3 });
});

test("a ticket with the role of before is refused once a lower one was given [T6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const { body } = await world.ticketFor.client(robot, operator);
  await world.call("PUT", `/v1/robots/${robot.id}/grants`, { as: owner, body: { to: `email:${operator}`, role: "viewer" } });
  expect((await world.connect(body.ticket)).status).toBe(403);
});

test("an admin's ticket is refused once the admin was signed out everywhere [T6, U1]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const { body } = await world.ticketFor.client(robot, admin);
  const revoked = await world.call("POST", `/v1/users/revoke?sub=${await subOf(world, admin)}`, { as: admin });
  expect(revoked.status).toBe(200);
  expect((await world.connect(body.ticket)).status).toBe(403);
});

test("a user has room for so many clients at a robot, and the next one is told so", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  for (let count = 0; count < limits.session.clientsPerUser; count++) await world.join(robot, operator);
  const { status, body } = await world.ticketFor.client(robot, operator);
  expect([status, (body as { code?: string }).code]).toEqual([409, "user.full"]);
});
