import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createWorld, operator, owner, viewer } from "../world/world.ts";

test("each side is told when the other is online, away and ended, with cause and actor [P1, P2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  client.socket.close(1001);
  await world.idle();
  const away = { session: client.session, cause: "connection.closed", actor: { type: "gateway" }, inferred: false };
  expect(robotEnd.last("peer.away")).toMatchObject({ ...away, backBy: world.clock.now() + limits.session.clientGraceMs });
  const back = await world.join(robot, operator, { session: client.session, received: { [robotEnd.session]: { stream: 3, seq: 4 } } });
  expect(robotEnd.last("peer.online")).toMatchObject({ peer: { session: client.session, epoch: 2 }, received: { stream: 3, seq: 4 } });
  await world.say(robotEnd, { type: "leave", reason: "battery" });
  expect(back.last("peer.ended")).toMatchObject({
    session: robotEnd.session,
    cause: "robot.left",
    actor: { type: "robot", id: robot.id },
    inferred: false,
  });
});

test("leave ends a session, which says why and closes [P7]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  await world.say(client, { type: "leave" });
  expect(client.last("bye")).toMatchObject({ cause: "client.left", retry: { policy: "never" } });
  expect(client.closed).toBeDefined();
  expect(robotEnd.last("peer.ended")).toMatchObject({ session: client.session, cause: "client.left" });
  const { body } = await world.call<{ items: { id: string; state: string }[] }>("GET", `/v1/robots/${robot.id}/sessions`, { as: viewer });
  expect(body.items.map(({ id, state }) => [id, state])).toEqual([
    [robotEnd.session, "online"],
    [client.session, "ended"],
  ]);
});

test("a client's coming, going and ending leave the robot's item untouched, byte for byte [P3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await world.join(robot);
  const before = await world.item(robot, "robot");
  const client = await world.join(robot, operator);
  client.socket.close(1001);
  await world.idle();
  const back = await world.join(robot, operator, { session: client.session });
  await world.say(back, { type: "leave" });
  expect(await world.item(robot, "robot")).toBe(before);
});

test("a robot's coming, going and ending leave the client's item untouched, byte for byte [P3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const client = await world.join(robot, operator);
  const before = await world.item(robot, client.session);
  const first = await world.join(robot);
  first.socket.close(1001);
  await world.idle();
  const second = await world.join(robot);
  await world.say(second, { type: "leave" });
  expect(await world.item(robot, client.session)).toBe(before);
  expect(client.closed).toBeUndefined();
});

test("a late or doubled $disconnect of a replaced connection changes nothing [P4]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [first, client] = [await world.join(robot), await world.join(robot, operator)];
  world.system.faults.set([
    { name: "disconnect.late", ms: 180_000, rate: 1 },
    { name: "disconnect.doubled", rate: 1 },
  ]);
  first.socket.close(1001);
  await world.idle();
  const second = await world.join(robot, undefined, { instance: "ins_bbbbbbbb" });
  const before = await world.item(robot, "robot");
  client.clear();
  await world.clock.advance(180_000);
  expect(await world.item(robot, "robot")).toBe(before);
  expect(client.frames).toEqual([]);
  expect(second.closed).toBeUndefined();
});

test("a lost $disconnect is found when a client attaches [P6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await world.join(robot);
  world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
  robotEnd.socket.close(1001);
  await world.idle();
  const client = await world.join(robot, operator);
  expect(client.last("welcome")?.peers).toMatchObject([{ session: robotEnd.session, state: "away", backBy: expect.any(Number) }]);
  const [, newest] = await world.timeline(robot);
  expect(newest).toMatchObject({ type: "session.online" });
  expect(await world.timeline(robot)).toContainEqual(
    expect.objectContaining({ type: "session.away", cause: "connection.lost", inferred: true }),
  );
});

test("a lost $disconnect of a client is found when the robot comes online [P5]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const client = await world.join(robot, operator);
  world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
  client.socket.close(1001);
  await world.idle();
  const robotEnd = await world.join(robot);
  expect(robotEnd.last("welcome")?.peers).toMatchObject([{ session: client.session, state: "away" }]);
});

test("peer.online is posted once more where the gateway says 410 of a connection that lives, and nobody is made away [P1, P5]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await world.join(robot);
  const before = await world.item(robot, "robot");
  world.system.faults.set([{ name: "post.gone", times: 1 }]);
  const client = await world.join(robot, operator);
  expect(robotEnd.all("peer.online")).toMatchObject([{ peer: { session: client.session } }]);
  expect(await world.item(robot, "robot")).toBe(before);
});

test("deleting a robot, or taking a grant away, ends the sessions that stood on it and says so [P2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client, watcher] = [await world.join(robot), await world.join(robot, operator), await world.join(robot, viewer)];
  await world.call("DELETE", `/v1/robots/${robot.id}/grants?to=email:${operator}`, { as: owner });
  expect(client.last("bye")).toMatchObject({ cause: "grant.removed", actor: { type: "user" } });
  expect([client.closed === undefined, watcher.closed, robotEnd.closed]).toEqual([false, undefined, undefined]);
  await world.call("DELETE", `/v1/robots/${robot.id}`, { as: owner });
  expect([robotEnd, watcher].map((end) => end.last("bye")?.cause)).toEqual(["robot.deleted", "robot.deleted"]);
});
