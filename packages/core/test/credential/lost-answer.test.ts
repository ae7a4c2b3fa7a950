import { expect, test } from "vitest";
import { strike } from "../../../local/src/engine/fate.ts";
import { createKey, keysIn } from "../../../local/test/world/key.ts";
import { createWorld, operator } from "../../../local/test/world/world.ts";

test("a robot whose proof was written down and whose answer was lost gets its ticket, and its assertion is good once all the same [A2, A4]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  // The first proof in an hour is a transaction of its own kind, so the second is the usual one.
  await world.ticketFor.robot(robot);
  const assertion = robot.assertion();
  const ask = () => world.call("POST", "/v1/tickets/robot", { body: { assertion } });
  world.system.requests.before(strike("lose", { operations: ["PutItem"] }));
  expect((await ask()).status).toBe(201);
  world.system.requests.before(undefined);
  expect((await ask()).body).toMatchObject({ code: "assertion.replayed" });
});

test("a robot that asks for the key it announced, and whose answer was lost, is answered what stands [K2, A4]", async () => {
  const world = await createWorld();
  const { enrolled, rotate } = keysIn(world);
  const { robot, key } = await enrolled();
  const next = createKey(world);
  expect((await rotate(robot, key, next)).status).toBe(201);
  world.system.requests.before(strike("lose", { operations: ["PutItem"] }));
  expect((await rotate(robot, key, next)).status).toBe(201);
});

test.each([
  ["the first connection of a session", 1],
  ["the next one", 2],
])(
  "a ticket whose redemption was written and whose answer was lost, and that meets a conflict when it is sent again, is not used: %s [T3]",
  async (_, nth) => {
    const world = await createWorld();
    const robot = await world.createRobot();
    if (nth === 2) await world.join(robot);
    const { body } = await world.ticketFor.robot(robot);
    const [lose, conflict] = [
      strike("lose", { operations: ["TransactWriteItems"] }),
      strike("conflict", { operations: ["TransactWriteItems"], nth: 2 }),
    ];
    world.system.requests.before((operation, asked) => {
      const fates = [lose(operation, asked), conflict(operation, asked)];
      return fates.find((fate) => fate !== "pass") ?? "pass";
    });
    const end = await world.connect(body.ticket);
    expect([end.status, world.system.requests.counts().TransactWriteItems]).toEqual([101, expect.any(Number)]);
    world.system.requests.before(undefined);
    expect((await world.connect(body.ticket)).status).toBe(409);
  },
);

test("a ticket that meets nothing but conflicts is unavailable, and good afterwards; where another had it meanwhile it is used [T3, A4]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const { body } = await world.ticketFor.client(robot, operator);
  world.system.requests.before(strike("conflict", { operations: ["TransactWriteItems"], times: 1_000 }));
  expect((await world.connect(body.ticket)).status).toBe(503);
  world.system.requests.before(undefined);
  expect((await world.connect(body.ticket)).status).toBe(101);
  world.system.requests.before(strike("conflict", { operations: ["TransactWriteItems"], times: 1_000 }));
  expect((await world.connect(body.ticket)).status).toBe(409);
  world.system.requests.before(undefined);
});
