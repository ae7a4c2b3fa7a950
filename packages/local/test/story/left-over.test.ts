import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { wholeTimeline } from "../world/invariants.ts";
import type { RawEnd } from "../world/raw-end.ts";
import { minute, pass } from "../world/scene.ts";
import { createWorld, greeting, type KeyHolder, operator, type World } from "../world/world.ts";

/** What a handler that was cut off leaves behind, the sweeper finishes. */

async function pair() {
  const world = await createWorld();
  const robot = await world.createRobot();
  return { world, robot, robotEnd: await world.join(robot), client: await world.join(robot, operator) };
}

/** Lets a write happen, and everything after it fail. */
async function cutOffAfterWrite(world: World, work: () => Promise<unknown>): Promise<void> {
  let written = false;
  world.system.requests.before((operation) => {
    if (written) return "cut";
    written = operation === "TransactWriteItems";
    return written ? "lose" : "pass";
  });
  await work();
  await world.idle();
  world.system.requests.before(undefined);
}

test("a connection that was taken over is told so and closed within two sweeps, also where the one who took over was cut off [H6, L7]", async () => {
  const { world, robot, robotEnd: first, client } = await pair();
  const second = await world.connect((await world.ticketFor.robot(robot)).body.ticket);
  await cutOffAfterWrite(world, () => world.say(second, { type: "hello", ...greeting, instance: "ins_bbbbbbbb" }));
  expect([second.last("problem")?.code, first.last("bye"), first.closed]).toEqual(["unavailable", undefined, undefined]);
  await pass(world, 2 * minute, first, second, client);
  expect(first.last("bye")).toMatchObject({ cause: "superseded", retry: { policy: "never" }, actor: { type: "robot", id: robot.id } });
  expect([first.closed === undefined, second.closed]).toEqual([false, undefined]);
});

test("a connection that was told and closed leaves nothing behind for the sweeper", async () => {
  const { world, robot, robotEnd, client } = await pair();
  await world.join(robot, undefined, { instance: "ins_bbbbbbbb" });
  await world.say(client, { type: "leave" });
  expect([robotEnd.last("bye")?.cause, client.last("bye")?.cause]).toEqual(["superseded", "client.left"]);
  const { data } = await world.system.store.entities.closing.scan.go();
  expect(data).toEqual([]);
});

type Taken = (world: World, robot: KeyHolder, client: RawEnd) => Promise<unknown>;

const taken: Readonly<Record<string, { cause: string; of: "robot" | "client"; take: Taken }>> = {
  grant: {
    cause: "grant.removed",
    of: "client",
    take: ({ system }, { id }) => system.store.entities.grant.delete({ robotId: id, to: `email:${operator}` }).go(),
  },
  key: {
    cause: "credential.revoked",
    of: "robot",
    take: ({ system }, { id, kid }) => system.store.entities.credential.patch({ robotId: id, kid }).set({ state: "revoked" }).go(),
  },
  "sign-in": {
    cause: "user.revoked",
    of: "client",
    async take({ system, clock, call }) {
      const { body } = await call<{ id: string }>("GET", "/v1/users/me", { as: operator });
      return system.store.entities.accessPolicy.put({ userId: body.id, revokedBefore: clock.now() + 1_000 }).go();
    },
  },
  robot: { cause: "robot.deleted", of: "robot", take: ({ system }, { id }) => system.store.entities.robot.delete({ robotId: id }).go() },
};

test.each(Object.entries(taken))(
  "a session whose %s was taken by one who did not get to end it ends when it is looked up, told why [L6]",
  async (_, { cause, of, take }) => {
    const { world, robot, robotEnd, client } = await pair();
    await take(world, robot, client);
    await pass(world, limits.session.verifyMs - minute, robotEnd, client);
    const end = of === "robot" ? robotEnd : client;
    expect(end.closed).toBeUndefined();
    await pass(world, 2 * minute, robotEnd, client);
    expect([end.last("bye")?.cause, end.closed?.code]).toEqual([cause, 1000]);
    const ended = (await wholeTimeline(world, robot.id)).filter(({ type, session }) => type === "session.ended" && session === end.session);
    expect(ended).toMatchObject([{ cause, actor: { type: "system" }, inferred: false }]);
  },
);

test("a session on a key that is merely retired, or with another role than it had, goes on when it is looked up [K2, L6]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const { credential, grant } = world.system.store.entities;
  await credential.patch({ robotId: robot.id, kid: robot.kid }).set({ state: "retired" }).go();
  await grant
    .patch({ robotId: robot.id, to: `email:${operator}` })
    .set({ role: "viewer" })
    .go();
  await pass(world, limits.session.verifyMs + 2 * minute, robotEnd, client);
  expect([robotEnd.closed, client.closed]).toEqual([undefined, undefined]);
});

test("a renewal does not put off the end of a connection that never says hello [H4]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const silent = await world.connect((await world.ticketFor.client(robot, operator, { session: client.session })).body.ticket);
  const renewal = (await world.ticketFor.client(robot, operator, { session: client.session, use: "renew" })).body.ticket;
  await world.say(client, { type: "auth.renew", ticket: renewal });
  expect(client.last("auth.renewed")).toBeDefined();
  await pass(world, 2 * minute, robotEnd, client);
  expect([silent.last("bye")?.cause, silent.closed?.code, client.closed]).toEqual(["opening.lapsed", 1000, undefined]);
});

test("an expired lease is not renewed on a grant that was taken meanwhile [T6, L3]", async () => {
  const { world, robot } = await pair();
  const client = await world.join(robot, operator, { lifeMs: minute });
  await pass(world, 2 * minute - 30_000, client);
  const renewal = (await world.ticketFor.client(robot, operator, { session: client.session, use: "renew" })).body.ticket;
  await world.system.store.entities.grant.delete({ robotId: robot.id, to: `email:${operator}` }).go();
  await world.say(client, { type: "auth.renew", ticket: renewal });
  expect([client.all("auth.expired").length, client.last("problem")?.code]).toEqual([1, "access.denied"]);
});
