import { describe, expect, test } from "vitest";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import {
  admin,
  createWorld,
  greeting,
  type KeyHolder,
  noon,
  operator,
  owner,
  stranger,
  type World,
} from "../../../local/test/world/world.ts";
import { features, monitored, seen, signal } from "./monitored.ts";

/** A second owner, whose role can be taken. */
async function secondOwner(world: World, robot: KeyHolder) {
  const give = (role: string) => world.call("PUT", `/v1/robots/${robot.id}/grants`, { as: owner, body: { to: `email:${stranger}`, role } });
  await give("owner");
  return give;
}

describe("monitoring is over", () => {
  test("with the session, when the grant is removed, the user revoked or the session ended [M5]", async () => {
    const { world, robot, robotEnd, client } = await monitored();
    await secondOwner(world, robot);
    const sub = world.system.identity.users.find(({ email }) => email === stranger)?.sub;
    const ways = [
      (_: RawEnd) => world.call("DELETE", `/v1/robots/${robot.id}/grants?to=email:${stranger}`, { as: owner }),
      async (_: RawEnd) => world.call("POST", `/v1/users/revoke?sub=${sub}`, { as: admin }),
      (end: RawEnd) => world.call("POST", `/v1/robots/${robot.id}/sessions/${end.session}/end`, { as: owner, body: {} }),
    ];
    for (const [n, way] of ways.entries()) {
      await secondOwner(world, robot);
      await world.clock.advance(2_000);
      const end = await world.join(robot, stranger, { features });
      await world.say(client, signal(robotEnd, n + 1));
      expect(seen(end)).toHaveLength(1);
      expect((await way(end)).status).toBeLessThan(300);
      await world.say(client, signal(robotEnd, n + 1));
      expect([seen(end).length, end.last("bye") !== undefined]).toEqual([1, true]);
    }
  });

  test("at once when the grant gives less, and the session, which goes on, is told [M5]", async () => {
    const { world, robot, robotEnd, client, monitor } = await monitored();
    const give = await secondOwner(world, robot);
    const end = await world.join(robot, stranger, { features });
    await give("operator");
    expect(end.all("monitor.ended")).toHaveLength(1);
    await world.say(client, signal(robotEnd, 1));
    await world.say(end, signal(robotEnd, 1));
    expect([seen(end).length, end.closed, robotEnd.all("signal").length]).toEqual([0, undefined, 2]);
    expect([seen(monitor).length, monitor.all("monitor.ended")]).toEqual([2, []]);
  });

  test("at once when a renewal gives less [M5]", async () => {
    const { world, robot, robotEnd, client } = await monitored();
    const give = await secondOwner(world, robot);
    const end = await world.join(robot, stranger, { features });
    // As if whoever gave less had stopped before the session was looked at.
    const { grant } = world.system.store.entities;
    await grant.put({ robotId: robot.id, to: `email:${stranger}`, role: "viewer", givenAt: noon, givenBy: "test" }).go();
    await world.say(client, signal(robotEnd, 1));
    expect(seen(end)).toHaveLength(1);
    const { body } = await world.ticketFor.client(robot, stranger, { session: end.session, use: "renew" });
    await world.say(end, { type: "auth.renew", ticket: body.ticket });
    expect(end.all("monitor.ended")).toHaveLength(1);
    await world.say(client, signal(robotEnd, 2));
    expect(seen(end)).toHaveLength(1);
    await give("owner");
    const again = await world.ticketFor.client(robot, stranger, { session: end.session, use: "renew" });
    await world.say(end, { type: "auth.renew", ticket: again.body.ticket });
    await world.say(client, signal(robotEnd, 3));
    expect(seen(end)).toHaveLength(1);
  });

  test("also where its lease was over before that renewal [M5]", async () => {
    const { world, robot } = await monitored();
    await secondOwner(world, robot);
    const lifeMs = 5 * 60_000;
    const end = await world.join(robot, stranger, { features, lifeMs });
    await world.clock.advance(lifeMs);
    expect(end.all("auth.expired")).toHaveLength(1);
    const { grant } = world.system.store.entities;
    await grant.put({ robotId: robot.id, to: `email:${stranger}`, role: "viewer", givenAt: noon, givenBy: "test" }).go();
    const { body } = await world.ticketFor.client(robot, stranger, { session: end.session, use: "renew" });
    await world.say(end, { type: "auth.renew", ticket: body.ticket });
    expect([end.all("auth.renewed").length, end.all("monitor.ended").length]).toEqual([1, 1]);
  });

  test("before it began, where the grant gives less between ticket and hello [M5]", async () => {
    const { world, robot, robotEnd, client } = await monitored();
    const give = await secondOwner(world, robot);
    const { body } = await world.ticketFor.client(robot, stranger);
    const end = await world.connect(body.ticket);
    await give("viewer");
    await world.say(end, { type: "hello", ...greeting, features });
    expect(end.last("welcome")?.features).toEqual([]);
    await world.say(client, signal(robotEnd, 1));
    expect(seen(end)).toEqual([]);
  });
});

test("a monitor pauses with its lease, and goes on with its next connection [M5]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  const lifeMs = 5 * 60_000;
  const first = await world.join(robot, owner, { features, lifeMs });
  const { session } = first;
  await world.clock.advance(lifeMs - 1);
  await world.say(client, signal(robotEnd, 1));
  await world.clock.advance(1);
  await world.say(client, signal(robotEnd, 2));
  expect(seen(first)).toHaveLength(1);
  const renewal = await world.ticketFor.client(robot, owner, { session, use: "renew" });
  await world.say(first, { type: "auth.renew", ticket: renewal.body.ticket });
  await world.say(client, signal(robotEnd, 3));
  expect(seen(first)).toHaveLength(2);
  const second = await world.join(robot, owner, { features, session });
  await world.say(client, signal(robotEnd, 4));
  second.socket.close(1001);
  await world.idle();
  await world.say(client, signal(robotEnd, 5));
  const third = await world.join(robot, owner, { features, session });
  await world.say(client, signal(robotEnd, 6));
  expect([first, second, third].map((end) => seen(end).length)).toEqual([2, 1, 1]);
  // A connection that does not ask again is no monitor any more.
  const fourth = await world.join(robot, owner, { session });
  await world.say(client, signal(robotEnd, 7));
  expect([third, fourth].map((end) => seen(end).length)).toEqual([1, 0]);
});
