import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createWorld, operator, owner } from "../../../local/test/world/world.ts";
import { closeAll } from "../../src/delivery/close.ts";
import type { Posted } from "../../src/outbox.ts";

const closing = {
  connectionId: "c=",
  cause: "grant.removed",
  actor: { type: "user", id: "owner" },
  inferred: false,
} as const;

test.each([
  ["posted", "closed", 0],
  ["gone", "closed", 0],
  ["failed", "closed", 1],
  ["posted", "failed", 1],
  ["failed", "failed", 1],
] as const)("a closing whose frame is %s and whose connection is %s leaves %i for the sweeper", async (posted: Posted, closed, left) => {
  const { store } = (await createWorld()).system;
  const { connectionId, ...ending } = closing;
  await store.entities.closing.put({ connectionId, ...ending, sessionId: "cse_1", dueAt: 0, shard: "0" }).go();
  await closeAll({ store, outbox: { post: async () => posted, probe: async () => "failed", close: async () => closed } }, [closing]);
  const { data } = await store.entities.closing.get({ connectionId }).go({ consistent: true });
  expect(data === null ? 0 : 1).toBe(left);
});

test("a connection that the gateway failed to close is closed by the sweeper", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const client = await world.join(robot, operator);
  world.system.faults.set([{ name: "management.throttled", rate: 1 }]);
  await world.call("DELETE", `/v1/robots/${robot.id}/grants?to=email:${operator}`, { as: owner });
  await world.idle();
  expect(client.closed).toBeUndefined();
  world.system.faults.set([]);
  await world.clock.advance(2 * limits.sweep.everyMs);
  expect([client.closed !== undefined, client.last("bye")?.cause]).toEqual([true, "grant.removed"]);
});
