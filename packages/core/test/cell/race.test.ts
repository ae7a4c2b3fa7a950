import { isDeepStrictEqual } from "node:util";
import { listLive } from "@tether/core/session";
import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createCells } from "../../../local/test/world/cells.ts";
import { createKey, keysIn } from "../../../local/test/world/key.ts";
import { meanwhile } from "../../../local/test/world/meanwhile.ts";
import { wholeTable } from "../../../local/test/world/whole-table.ts";
import { operator, owner, stranger, type World } from "../../../local/test/world/world.ts";

type Keys = ReturnType<typeof keysIn>;
type Robot = Awaited<ReturnType<World["createRobot"]>>;
type Case = { readonly world: World; readonly keys: Keys; readonly robot: Robot };
type Answer = { readonly status: number; readonly body: { readonly code?: string } | undefined };

/** The entities that decide who a robot is and who may act on it. */
const identity = ["robot", "credential", "enrollment", "grant"] as const;

/** Every writer of it. What is returned writes, once what it needs is there. */
const writers: Readonly<Record<string, (made: Case) => Promise<() => Promise<Answer>>>> = {
  "a change of the settings":
    async ({ world, robot }) =>
    () =>
      world.call("PATCH", `/v1/robots/${robot.id}`, { as: owner, body: { name: "Late", control: { deadmanMs: 300 } } }),
  "a deletion":
    async ({ world, robot }) =>
    () =>
      world.call("DELETE", `/v1/robots/${robot.id}`, { as: owner }),
  "a code":
    async ({ world, robot }) =>
    () =>
      world.call("POST", `/v1/robots/${robot.id}/enrollments`, { as: owner }),
  "an enrollment": async ({ world, keys, robot }) => {
    const { code } = await keys.codeFor(robot.id);
    return () => keys.redeem(code, createKey(world));
  },
  "a registered key":
    async ({ world, robot }) =>
    () =>
      world.call("POST", `/v1/robots/${robot.id}/credentials`, { as: owner, body: { publicKey: createKey(world).publicKey } }),
  "an announced key":
    async ({ world, robot }) =>
    () => {
      const { publicKey, proof } = createKey(world);
      const body = { publicKey, proof: proof(robot.id), assertion: robot.assertion() };
      return world.call("POST", `/v1/robots/${robot.id}/credentials`, { body });
    },
  "a revoked key":
    async ({ keys, robot }) =>
    () =>
      keys.revoke(robot.id, robot.kid, { force: true }),
  "a role that is given":
    async ({ world, robot }) =>
    () =>
      world.call("PUT", `/v1/robots/${robot.id}/grants`, { as: owner, body: { to: `email:${stranger}`, role: "operator" } }),
  "a role that is taken":
    async ({ world, robot }) =>
    () =>
      world.call("DELETE", `/v1/robots/${robot.id}/grants?to=email:${operator}`, { as: owner }),
};

/** The items of a robot's identity in a cell, as they are there. */
async function identityOf(system: World["system"], robotId: RobotId) {
  const { entities } = wholeTable(system);
  const all = identity.map(async (kind) => {
    const { data } = await (entities[kind].scan as unknown as { go(): Promise<{ data: { robotId: string }[] }> }).go();
    return [kind, data.filter((item) => item.robotId === robotId)] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}

/** As a run that moves the robot does first: the claim in the directory, then the freeze. */
async function begin({ system, clock }: World, robotId: RobotId): Promise<void> {
  const { entities } = wholeTable(system);
  const runUntil = clock.now() + limits.cell.claimMs;
  await entities.robotLocation.put({ robotId, cell: "home", movingTo: "b", run: "other", runUntil }).go();
  await entities.robot.patch({ robotId }).set({ movedTo: "b" }).go();
}

test("nothing of a robot's identity is written once it moves, though its writer had read it before, and its sessions go on [C2, C3]", async () => {
  const { world, move } = await createCells();
  const keys = keysIn(world);
  const told: unknown[] = [];
  for (const [name, prepare] of Object.entries(writers)) {
    const robot = await world.createRobot();
    await world.join(robot);
    const write = await prepare({ world, keys, robot });
    let before: unknown;
    meanwhile(world, async () => {
      await begin(world, robot.id);
      before = await identityOf(world.system, robot.id);
    });
    const { status, body } = await write();
    const isUnchanged = isDeepStrictEqual(await identityOf(world.system, robot.id), before);
    const states = (await listLive(world.system, robot.id, "consistent")).map(({ state }) => state);
    await world.clock.advance(limits.cell.claimMs + 1_000);
    const { outcome } = await move(robot.id, "b");
    // Asked again, as ends are told to, it is done in the new cell.
    const again: Answer = await write();
    told.push([name, status, body?.code, isUnchanged, states, outcome, again.status < 300]);
  }
  expect(told).toEqual(Object.keys(writers).map((name) => [name, 503, "robot.moving", true, ["online"], "moved", true]));
});

test.each([true, false])(
  "a stop that begins (%s) or ends while the robot starts to move is not written to the item that stays [C2, P13]",
  async (inForce) => {
    const { world } = await createCells();
    const robot = await world.createRobot();
    const end = await world.join(robot);
    if (!inForce) await world.say(end, { type: "report", stop: { inForce: true } });
    let before: unknown;
    meanwhile(world, async () => {
      await begin(world, robot.id);
      before = await identityOf(world.system, robot.id);
    });
    await world.say(end, { type: "report", stop: { inForce } });
    expect(before).toBeDefined();
    expect(await identityOf(world.system, robot.id)).toEqual(before);
  },
);
