import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { invariants } from "../../../local/test/world/invariants.ts";
import { minute, pass } from "../../../local/test/world/pass.ts";
import { operator, viewer } from "../../../local/test/world/world.ts";
import { expectTalk, other, pair, signal } from "./pair.ts";

/** Failures of the system that this one replaces. Each name tells the failure, which was reproduced there, and what happens here. */

test("client disconnect ends the robot's session: here it goes on, and another client finds it [P3]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const before = await world.item(robot, "robot");
  client.socket.close(1001);
  await pass(world, limits.session.clientGraceMs + 2 * minute, robotEnd);
  expect([robotEnd.closed, robotEnd.last("peer.ended")?.cause, await world.item(robot, "robot")]).toEqual([
    undefined,
    "grace.over",
    before,
  ]);
  await expectTalk(world, robotEnd, await world.join(robot, viewer));
});

test("robot disconnect leaves a lock behind: here the next instance is let in at once, and its clients stay [T8]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  robotEnd.socket.close(1001);
  await world.idle();
  const back = await world.join(robot, undefined, other);
  expect([back.status, back.session, client.closed]).toEqual([101, robotEnd.session, undefined]);
  await expectTalk(world, back, client);
});

test("410 lost silently: here the sender is told, and the one who is gone is found away [P5, S10]", async () => {
  const { world, robotEnd, client } = await pair();
  world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
  robotEnd.socket.close(1001);
  await world.idle();
  await world.say(client, signal(robotEnd));
  expect([client.last("undelivered")?.reason, client.last("peer.away")?.cause]).toEqual(["away", "connection.lost"]);
});

test("late $disconnect clobbers presence: here it names the connection it is about, and that one is history [P4]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  world.system.faults.set([{ name: "disconnect.late", ms: 3 * minute, rate: 1 }]);
  robotEnd.socket.close(1001);
  await world.idle();
  const back = await world.join(robot, undefined, other);
  await pass(world, 3 * minute, back, client);
  await expectTalk(world, back, client);
  expect([client.last("peer.away"), await invariants(world, robot.id)]).toEqual([undefined, []]);
});

test("undelivered $disconnect leaves a ghost that blocks re-registration: here the newest proven connection wins [T8, H2]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
  robotEnd.socket.close(1001);
  await world.idle();
  const back = await world.join(robot, undefined, other);
  expect(back.last("welcome")?.session).toMatchObject({ id: robotEnd.session, epoch: 2 });
  await expectTalk(world, back, client);
});

test("closing one of two tabs ends the shared session: here each tab has its own [T7, P3]", async () => {
  const { world, robot, robotEnd, client: first } = await pair();
  const second = await world.join(robot, operator, other);
  expect(second.session).not.toBe(first.session);
  second.socket.close(1001);
  await pass(world, limits.session.clientGraceMs + 2 * minute, robotEnd, first);
  expect(robotEnd.all("peer.ended").map(({ session }) => session)).toEqual([second.session]);
  await expectTalk(world, robotEnd, first);
});
