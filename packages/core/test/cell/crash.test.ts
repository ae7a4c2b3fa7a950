import { hasLeft, locationOf } from "@tether/core/cell";
import { listLive } from "@tether/core/session";
import type { Fate } from "@tether/local/engine/fate";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createCells } from "../../../local/test/world/cells.ts";
import { operator, owner } from "../../../local/test/world/world.ts";

/** More requests than a move of this robot makes. */
const most = 80;

/** Of the two ways to die at a request each takes every other one, unless all are asked for: ORDERS=all. */
const ways: readonly Fate[] = ["cut", "lose"];
const isAsked = (nth: number, way: Fate) => process.env.ORDERS === "all" || ways.indexOf(way) === nth % 2;

test("a run that dies at any of its requests leaves a robot that the next run moves whole, without an ending [C2, C3]", {
  timeout: 120_000,
}, async () => {
  const { world, other, move } = await createCells();
  const systems = [world.system, other];
  let steps = 0;
  for (let nth = 1, isOver = false; !isOver && nth <= most; nth++)
    for (const way of ways.filter((one) => isAsked(nth, one))) {
      const robot = await world.createRobot();
      await world.call("POST", `/v1/robots/${robot.id}/enrollments`, { as: owner });
      const [end, client] = [await world.join(robot), await world.join(robot, operator)];
      await world.say(client, { type: "control.request", id: "1" });
      const before = await world.timeline(robot);
      let seen = 0;
      for (const { requests } of systems)
        requests.before(() => {
          seen++;
          // The client's own retries belong to the dead process too.
          return seen < nth ? "pass" : seen === nth ? way : "cut";
        });
      const first = await move(robot.id, "b").catch(() => "died");
      for (const { requests } of systems) requests.before(undefined);
      isOver = seen < nth;
      steps = nth - 1;
      await world.clock.advance(limits.cell.claimMs + 1_000);
      const last = isOver ? first : await move(robot.id, "b");
      const at = `${way} at ${nth}`;
      expect([at, ["moved", "there"]]).toEqual([at, expect.arrayContaining([(last as { outcome: string }).outcome])]);
      const live = await listLive(other, robot.id, "consistent");
      expect([at, live.map(({ sessionId, state, epoch }) => [sessionId, state, epoch]).sort()]).toEqual([
        at,
        [
          [client.session, "away", 1],
          [end.session, "away", 1],
        ].sort(),
      ]);
      expect([at, await listLive(world.system, robot.id, "consistent")]).toEqual([at, []]);
      const { data: lease } = await other.store.entities.controlLease.get({ robotId: robot.id }).go({ consistent: true });
      // Control was kept for its holder and is free by now, or is so with the next run of the sweeper: its epoch is not below what it was.
      expect([at, (lease?.epoch ?? 0) >= 1]).toEqual([at, true]);
      expect([at, await locationOf(world.system, robot.id)]).toMatchObject([at, { cell: "b" }]);
      expect([at, await hasLeft(world.system, robot.id), await hasLeft(other, robot.id)]).toEqual([at, true, false]);
      const told = await world.timeline(robot);
      expect([at, told.length >= before.length, told.filter(({ type }) => type === "session.ended")]).toEqual([at, true, []]);
      const left = await world.system.store.entities.timelineEvent.query.primary({ robotId: robot.id }).go();
      expect([at, left.data]).toEqual([at, []]);
      const { body } = await world.ticketFor.robot(robot);
      expect([at, body.url, body.session]).toEqual([at, other.brokerUrl, { id: end.session, epoch: 2, resumed: true }]);
    }
  expect(steps).toBeGreaterThan(20);
});
