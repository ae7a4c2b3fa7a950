import type { Fault } from "@tether/local/fault/fault";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { invariants, wholeTimeline } from "../../../local/test/world/invariants.ts";
import { minute, pass } from "../../../local/test/world/pass.ts";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { startSdkClient, startSdkRobot } from "../../../local/test/world/sdk-end.ts";
import { createWorld, greeting, type KeyHolder, operator, type World } from "../../../local/test/world/world.ts";

const lost: Fault = { name: "disconnect.lost", rate: 1 };

/** A look at every session that is silent, with a sweep to spare. */
const verification = limits.session.verifyMs + 2 * minute;

async function pair(): Promise<{ world: World; robot: KeyHolder; robotEnd: RawEnd; client: RawEnd }> {
  const world = await createWorld();
  const robot = await world.createRobot();
  return { world, robot, robotEnd: await world.join(robot), client: await world.join(robot, operator) };
}

const stateOf = async (world: World, robot: KeyHolder, end: RawEnd): Promise<unknown> =>
  JSON.parse(await world.item(robot, end.session.startsWith("rse") ? "robot" : end.session)).state;

async function partings(world: World, robot: KeyHolder, end: RawEnd) {
  const events = (await wholeTimeline(world, robot.id)).filter(({ session }) => session === end.session);
  return events.filter(({ type }) => type === "session.away").map(({ cause, inferred }) => ({ cause, inferred }));
}

test("a $disconnect that is lost: the gateway's word makes the robot away, and its client hears why [L6]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  world.system.faults.set([lost]);
  world.system.gateway.connections.cut(idOf(world, robotEnd));
  await world.idle();
  expect(await stateOf(world, robot, robotEnd)).toBe("online");
  client.clear();
  // As soon as it is found, since its grace begins then.
  for (let waited = 0; waited < verification && client.all("peer.away").length === 0; waited += minute) await pass(world, minute, client);
  expect(client.last("peer.away")).toMatchObject({ session: robotEnd.session, cause: "connection.lost", inferred: true });
  expect([await stateOf(world, robot, robotEnd), await invariants(world, robot.id)]).toEqual(["away", []]);
});

test("a $disconnect that is lost at the gateway's cap is found, and the cap is named as the likely cause [L6]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  world.system.faults.set([lost]);
  await pass(world, limits.gateway.connectionLifeMs, robotEnd, client);
  expect([robotEnd.closed?.code, client.closed?.code]).toEqual([1001, 1001]);
  await pass(world, verification);
  expect(await partings(world, robot, robotEnd)).toEqual([{ cause: "gateway.cap", inferred: true }]);
  expect(await invariants(world, robot.id)).toEqual([]);
});

test("a $disconnect that comes twice makes one away and one entry [P4]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  world.system.faults.set([{ name: "disconnect.doubled", rate: 1 }]);
  client.socket.close(1001);
  await world.idle();
  expect(robotEnd.all("peer.away")).toHaveLength(1);
  expect(await partings(world, robot, client)).toEqual([{ cause: "connection.closed", inferred: false }]);
  await pass(world, minute, robotEnd);
  expect(await invariants(world, robot.id)).toEqual([]);
});

test.each([1, 5, 20])("a $disconnect that comes %i min late, after the robot is back, does not touch it [P4]", async (minutes) => {
  const { world, robot, robotEnd, client } = await pair();
  world.system.faults.set([{ name: "disconnect.late", ms: minutes * minute, rate: 1 }]);
  robotEnd.socket.close(1001);
  await world.idle();
  const back = await world.join(robot);
  const before = await world.item(robot, "robot");
  client.clear();
  await pass(world, minutes * minute, client, back);
  expect([await world.item(robot, "robot"), client.frames]).toEqual([before, []]);
  await pass(world, verification, client, back);
  expect([await stateOf(world, robot, back), client.all("peer.away"), await invariants(world, robot.id)]).toEqual(["online", [], []]);
});

test("a $disconnect that comes late and finds the session still on it makes it away then [P4]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  world.system.faults.set([{ name: "disconnect.late", ms: 5 * minute, rate: 1 }]);
  robotEnd.socket.close(1001);
  await pass(world, 5 * minute - 1, client);
  expect(await stateOf(world, robot, robotEnd)).toBe("online");
  await pass(world, 1, client);
  expect(client.last("peer.away")).toMatchObject({ session: robotEnd.session, cause: "connection.closed", inferred: false });
  await pass(world, verification, client);
  expect([await partings(world, robot, robotEnd), await invariants(world, robot.id)]).toEqual([[expect.anything()], []]);
});

test("a $disconnect before hello leaves the session what it was; of a first connection it leaves nothing [H4]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const before = JSON.parse(await world.item(robot, "robot")) as object;
  const successor = await world.connect((await world.ticketFor.robot(robot)).body.ticket);
  const first = await world.connect((await world.ticketFor.client(robot, operator)).body.ticket);
  client.clear();
  successor.socket.close(1001);
  first.socket.close(1001);
  await world.idle();
  const { version: _, ticketEpoch, dueAt: __, gsi2sk: ___, ...after } = JSON.parse(await world.item(robot, "robot"));
  expect(before).toMatchObject(after);
  expect([after.pending, ticketEpoch === undefined, client.frames, robotEnd.closed]).toEqual([undefined, false, [], undefined]);
  await pass(world, verification, client, robotEnd);
  expect(await invariants(world, robot.id)).toEqual([]);
});

test("a $disconnect before hello that is lost lapses with the sweep, and the live connection stays [H4, L6]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const successor = await world.connect((await world.ticketFor.robot(robot)).body.ticket);
  world.system.faults.set([lost]);
  successor.socket.close(1001);
  await pass(world, 2 * minute, client, robotEnd);
  await world.say(client, { type: "signal", to: robotEnd.session, stream: 1, seq: 1, data: { kind: "app", body: 1 } });
  expect([robotEnd.all("signal").length, client.last("peer.away"), await invariants(world, robot.id)]).toEqual([1, undefined, []]);
});

test("a $disconnect that overtakes the hello it followed leaves the session away, not online without a connection [P4, H4]", async () => {
  const { world, robot, client } = await pair();
  const successor = await world.connect((await world.ticketFor.robot(robot)).body.ticket);
  // The hello's invocation waits while the one of $disconnect does not.
  world.system.faults.set([{ name: "latency", minMs: 5_000, maxMs: 5_000 }]);
  successor.send({ type: "hello", ...greeting });
  await world.idle();
  world.system.faults.set([]);
  successor.socket.close(1001);
  await world.idle();
  await pass(world, verification, client);
  expect(await invariants(world, robot.id)).toEqual([]);
});

test("a robot that only pings and hands over is never swept: 24 h, no gap, one session, and nothing said of it [L6, H6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [end, watcher] = [await startSdkRobot(world, robot), await startSdkClient(world, robot, operator)];
  for (let hour = 0; hour < 24; hour++) await world.clock.advance(60 * minute);
  expect([end.session.status, end.ids.size, end.epochs.length > 12]).toEqual(["online", 1, true]);
  expect(watcher.told.filter(({ event }) => event !== "peer.online")).toEqual([]);
  const types = (await wholeTimeline(world, robot.id)).map(({ type }) => type);
  expect(types.filter((type) => ["session.away", "session.ended", "session.lapsed", "session.expired"].includes(type))).toEqual([]);
  expect(await invariants(world, robot.id)).toEqual([]);
});

function idOf(world: World, end: RawEnd): string {
  const held = world.system.gateway.connections.list().find(({ authorizer }) => String(authorizer.claims).includes(end.session));
  return held?.connectionId ?? "none";
}
