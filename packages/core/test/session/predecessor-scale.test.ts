import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { joinAs, putRobots, putSessions } from "../../../local/test/world/crowd.ts";
import { minute } from "../../../local/test/world/pass.ts";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { createWorld, viewer } from "../../../local/test/world/world.ts";
import { pair } from "./pair.ts";

/** Failures of the system that this one replaces. Each name tells the failure, which was reproduced there, and what happens here. */

test("keepalive stops at 1,000 connections: here 1,200 are kept alive, and each is looked up in its turn [E4, L6]", async () => {
  const world = await createWorld();
  const robots = await putRobots(world, 240, ["a"]);
  const ends: RawEnd[] = [];
  for (const robot of robots) {
    ends.push(...(await Promise.all(Array.from({ length: 5 }, () => joinAs(world, robot, "a")))));
    // The gateway takes 500 new connections a second.
    await world.clock.advance(20);
  }
  for (let passed = 0; passed < limits.session.verifyMs + minute; passed += 8 * minute) {
    await world.clock.advance(8 * minute);
    for (const end of ends) end.send({ type: "ping" });
  }
  await world.idle();
  const verified = world.lines.filter(({ event }) => event === "presence").reduce((sum, line) => sum + Number(line.alive ?? 0), 0);
  expect([ends.length, ends.filter(({ closed }) => closed).length, verified]).toEqual([1_200, 0, 1_200]);
  expect(world.system.gateway.connections.list().length).toBe(1_200);
});

test("disconnect cost grows with the fleet: here it is one Query and one write, beside one robot and beside 300", async () => {
  const { world, robot, client } = await pair();
  const costOf = async (end: RawEnd) => {
    world.system.requests.reset();
    end.socket.close(1001);
    await world.idle();
    return world.system.requests.counts();
  };
  const beside1 = await costOf(client);
  const fleet = await putRobots(world, 300, ["operator"]);
  await putSessions(world, fleet, 300, { dueAt: world.clock.now() + 30 * minute });
  const beside300 = await costOf(await world.join(robot, viewer));
  expect([beside1, beside300]).toEqual([
    { Query: 1, TransactWriteItems: 1 },
    { Query: 1, TransactWriteItems: 1 },
  ]);
});
