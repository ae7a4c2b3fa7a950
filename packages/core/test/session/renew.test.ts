import { expect, test } from "vitest";
import { createWorld, operator, owner } from "../../../local/test/world/world.ts";

test("a renew ticket of one session does not renew another one of the same user", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [one, other] = [await world.join(robot, operator), await world.join(robot, operator, { instance: "ins_bbbbbbbb" })];
  const before = await world.item(robot, other.session);
  const { body } = await world.ticketFor.client(robot, operator, { session: other.session, use: "renew" });
  await world.say(one, { type: "auth.renew", id: "r1", ticket: body.ticket });
  expect(one.last("problem")).toMatchObject({ id: "r1", code: "ticket.purpose" });
  expect(await world.item(robot, other.session)).toBe(before);
});

test("who renews with fewer rights and a shorter token gets the shorter lease [L4]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const client = await world.join(robot, operator);
  await world.call("PUT", `/v1/robots/${robot.id}/grants`, { as: owner, body: { to: `email:${operator}`, role: "viewer" } });
  const wanted = { session: client.session, use: "renew", lifeMs: 30 * 60_000 } as const;
  const { body } = await world.ticketFor.client(robot, operator, wanted);
  const until = client.last("welcome")?.deadlines.authExpiresAt ?? 0;
  expect(body.auth.expiresAt).toBeLessThan(until);
  await world.say(client, { type: "auth.renew", id: "r1", ticket: body.ticket });
  expect(JSON.parse(await world.item(robot, client.session)).authExpiresAt).toBe(body.auth.expiresAt);
});
