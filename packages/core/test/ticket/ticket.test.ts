import { expect, test } from "vitest";
import { createWorld, operator, owner, stranger, viewer } from "../../../local/test/world/world.ts";

test("a ticket is redeemed once among 200 concurrent connects, and the rest are answered 409 [T3, T4]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const { body } = await world.ticketFor.client(robot, operator);
  const ends = await Promise.all(Array.from({ length: 200 }, () => world.connect(body.ticket)));
  await world.idle();
  const statuses = ends.map(({ status }) => status);
  expect(statuses.filter((status) => status === 101)).toHaveLength(1);
  expect(statuses.filter((status) => status === 409)).toHaveLength(199);
});

test("of two tickets for one session's next connection one is redeemed, and a fresh one goes on from there [T4, T8]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [first, second] = [await world.ticketFor.robot(robot), await world.ticketFor.robot(robot)];
  expect([(await world.connect(first.body.ticket)).status, (await world.connect(second.body.ticket)).status]).toEqual([101, 409]);
  const third = await world.ticketFor.robot(robot);
  expect(third.body.session).toMatchObject({ id: first.body.session.id, epoch: 2 });
});

test("a handshake without a ticket, with an altered, an expired or a renew ticket is answered 403 [T1, T2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const { body } = await world.ticketFor.client(robot, operator);
  const open = await world.join(robot, operator);
  const renewal = await world.ticketFor.client(robot, operator, { session: open.session, use: "renew" });
  expect(open.socket.protocol).toBe("tether.v1");
  const altered = body.ticket.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
  expect((await world.connect(altered)).status).toBe(403);
  expect((await world.connect("nonsense")).status).toBe(403);
  expect((await world.connect(renewal.body.ticket)).status).toBe(403);
  await world.clock.advance(60_000);
  expect((await world.connect(body.ticket)).status).toBe(403);
});

test("a ticket of another ring is answered 403 [T2]", async () => {
  const [world, elsewhere] = await Promise.all([createWorld(), createWorld()]);
  const robot = await elsewhere.createRobot();
  const { body } = await elsewhere.ticketFor.client(robot, operator);
  expect((await world.connect(body.ticket)).status).toBe(403);
});

test("an ended session's first ticket does not begin it again [T3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const { body } = await world.ticketFor.client(robot, operator);
  const end = await world.connect(body.ticket);
  await world.say(end, { type: "hello", protocol: 1, features: [], instance: "ins_aaaaaaaa", received: {} });
  await world.say(end, { type: "leave" });
  expect((await world.connect(body.ticket)).status).toBe(409);
});

test("a ticket issued before its grant, its robot or its user's access was taken away is refused [T6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [byOperator, byViewer, byRobot] = [
    await world.ticketFor.client(robot, operator),
    await world.ticketFor.client(robot, viewer),
    await world.ticketFor.robot(robot),
  ];
  await world.call("DELETE", `/v1/robots/${robot.id}/grants?to=email:${operator}`, { as: owner });
  expect((await world.connect(byOperator.body.ticket)).status).toBe(403);
  await world.call("DELETE", `/v1/robots/${robot.id}`, { as: owner });
  expect((await world.connect(byViewer.body.ticket)).status).toBe(403);
  expect((await world.connect(byRobot.body.ticket)).status).toBeGreaterThanOrEqual(403);
});

test("a client without a session gets a new one, and resumes only one of its own [T7]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const first = await world.join(robot, operator);
  const resumed = await world.ticketFor.client(robot, operator, { session: first.session });
  expect(resumed.body.session).toEqual({ id: first.session, epoch: 2, resumed: true });
  expect((await world.ticketFor.client(robot, operator)).body.session.id).not.toBe(first.session);
  expect((await world.ticketFor.client(robot, viewer, { session: first.session })).body).toMatchObject({ code: "session.unknown" });
  expect((await world.ticketFor.client(robot, stranger)).body).toMatchObject({ code: "robot.unknown" });
});

test("an assertion is good once, for this robot, this service and a minute [A2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const other = await world.createRobot("Other");
  const ask = async (assertion: string) => (await world.call("POST", "/v1/tickets/robot", { body: { assertion } })).body.code;
  const assertion = robot.assertion();
  expect(await ask(assertion)).toBeUndefined();
  expect(await ask(assertion)).toBe("assertion.replayed");
  expect(await ask(robot.assertion({ aud: "https://elsewhere.example" }))).toBe("assertion.audience");
  expect(await ask(robot.assertion({ iss: other.id, sub: other.id }))).toBe("assertion.key");
  const now = Math.floor(world.clock.now() / 1000);
  expect(await ask(robot.assertion({ exp: now + 61 }))).toBe("assertion.lifetime");
  expect(await ask(robot.assertion({ iat: now - 7_200, exp: now - 7_140 }))).toBe("assertion.clock");
});
