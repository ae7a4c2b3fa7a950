import { hasLeft, locationOf } from "@tether/core/cell";
import { listLive } from "@tether/core/session";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createCells } from "../../../local/test/world/cells.ts";
import { wholeTable } from "../../../local/test/world/whole-table.ts";
import { operator, owner, viewer } from "../../../local/test/world/world.ts";

test("nothing about a robot stays behind but that it moved, and another robot stays as it was [C2]", async () => {
  const { world, other, move } = await createCells();
  const [robot, stays] = [await world.createRobot(), await world.createRobot()];
  await world.call("POST", `/v1/robots/${robot.id}/enrollments`, { as: owner });
  const [end, ada, bob] = [await world.join(robot), await world.join(robot, operator), await world.join(robot, viewer)];
  await world.say(ada, { type: "control.request", id: "1" });
  await world.say(bob, { type: "leave" });
  await world.say(end, { type: "report", stop: { inForce: true } });
  const itemsOf = async (system: typeof other, id: string) => {
    const { entities } = wholeTable(system);
    const kinds = [
      "robot",
      "credential",
      "enrollment",
      "grant",
      "usedAssertion",
      "session",
      "sessionRecord",
      "lastSession",
      "controlLease",
      "timelineEvent",
    ] as const;
    const all = await Promise.all(
      kinds.map(async (kind) => {
        const { data } = await (entities[kind].scan as { go(): Promise<{ data: { robotId: string }[] }> }).go();
        return [kind, data.filter(({ robotId }) => robotId === id).length] as const;
      }),
    );
    return Object.fromEntries(all.filter(([, count]) => count > 0));
  };
  const [before, untouched] = [await itemsOf(world.system, robot.id), await itemsOf(world.system, stays.id)];
  expect(await move(robot.id, "b")).toMatchObject({ outcome: "moved", from: "home" });
  expect(await itemsOf(world.system, robot.id)).toEqual({ robot: 1 });
  const after = await itemsOf(other, robot.id);
  // The departures are on the timeline.
  expect(after).toEqual({ ...before, timelineEvent: expect.any(Number) });
  expect(after.timelineEvent).toBeGreaterThan(before.timelineEvent ?? 0);
  expect(await itemsOf(world.system, stays.id)).toEqual(untouched);
  expect((await world.call("GET", `/v1/robots/${robot.id}`, { as: owner })).body).toMatchObject({
    presence: { state: "away", stop: {}, driver: { keptUntil: expect.any(Number) }, ending: { cause: "robot.moved", inferred: false } },
  });
  for (const one of [end, ada]) expect(one.last("bye")).toMatchObject({ cause: "robot.moved", close: 4008, retry: { policy: "now" } });
});

test("the sweeper of the new cell looks after what moved there, and nothing of it is left to the old one's [C2, D5, L5]", async () => {
  const { world, other, move } = await createCells();
  const robot = await world.createRobot();
  const [end, ada] = [await world.join(robot), await world.join(robot, operator)];
  await world.say(ada, { type: "control.request", id: "1" });
  await move(robot.id, "b");
  await world.clock.advance(limits.control.keptMs + limits.sweep.everyMs);
  const { data } = await other.store.entities.controlLease.get({ robotId: robot.id }).go({ consistent: true });
  expect(data).toMatchObject({ state: "free", epoch: 2 });
  await world.clock.advance(limits.session.robotGraceMs + limits.sweep.everyMs);
  expect(await listLive(other, robot.id, "consistent")).toEqual([]);
  expect((await world.timeline(robot)).filter(({ type }) => type === "session.ended")).toMatchObject([
    { session: end.session, cause: "grace.over" },
    { session: ada.session, cause: "grace.over" },
  ]);
});

test("a ticket from before the move lets nobody in, in neither cell [C3, T6]", async () => {
  const { world, move } = await createCells();
  const robot = await world.createRobot();
  await world.join(robot);
  const { body: forRobot } = await world.ticketFor.robot(robot);
  const { body: forClient } = await world.ticketFor.client(robot, operator);
  await move(robot.id, "b");
  // The session that the one would go on with is gone from there; the other would begin one.
  expect([(await world.connect(forRobot.ticket)).status, (await world.connect(forClient.ticket)).status]).toEqual([409, 503]);
  expect(await listLive(world.system, robot.id, "consistent")).toEqual([]);
  expect((await world.timeline(robot)).filter(({ type }) => type === "session.ended")).toEqual([]);
});

test("frames that come once the robot has left are answered bye, and none is a word about their sender [C4, H6.1]", async () => {
  const { world } = await createCells();
  const robot = await world.createRobot();
  const [end, ada] = [await world.join(robot), await world.join(robot, operator)];
  await world.clock.advance(1_000);
  const { body } = await world.ticketFor.robot(robot, "renew");
  const waiting = await world.connect((await world.ticketFor.robot(robot)).body.ticket);
  // As it is between the freeze and the farewell.
  await wholeTable(world.system).entities.robot.patch({ robotId: robot.id }).set({ movedTo: "b" }).go();
  expect(await hasLeft(world.system, robot.id)).toBe(true);
  await world.say(end, { type: "auth.renew", ticket: body.ticket });
  await world.say(ada, { type: "control.request", id: "1" });
  for (const one of [end, ada]) expect([one.all("problem"), one.last("bye")]).toMatchObject([[], { cause: "robot.moved" }]);
  await wholeTable(world.system).entities.session.remove({ robotId: robot.id, slot: "robot" }).go();
  await world.say(waiting, { type: "hello", protocol: 1, features: [], instance: "ins_aaaaaaaa", received: {} });
  expect([waiting.all("problem"), waiting.last("bye")]).toMatchObject([[], { cause: "robot.moved" }]);
});

test("a robot that is nowhere, a cell that is not there, and a run beside another one move nothing [C2]", async () => {
  const { world, move } = await createCells();
  const robot = await world.createRobot();
  expect(await move(robot.id, "c")).toEqual({ outcome: "cell.unknown" });
  expect(await move(robot.id, "home")).toEqual({ outcome: "there" });
  await world.system.store.entities.robotLocation
    .put({ robotId: robot.id, cell: "home", movingTo: "b", run: "other", runUntil: world.clock.now() + 1 })
    .go();
  expect(await move(robot.id, "b")).toEqual({ outcome: "claimed" });
  await world.clock.advance(2);
  expect(await move(robot.id, "b")).toMatchObject({ outcome: "moved" });
  expect(await locationOf(world.system, robot.id)).toMatchObject({ cell: "b" });
  await world.call("DELETE", `/v1/robots/${robot.id}`, { as: owner });
  expect(await move(robot.id, "home")).toEqual({ outcome: "robot.unknown" });
});
