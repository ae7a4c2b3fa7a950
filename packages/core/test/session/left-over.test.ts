import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { wholeTimeline } from "../../../local/test/world/invariants.ts";
import { minute, pass } from "../../../local/test/world/pass.ts";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { wholeTable } from "../../../local/test/world/whole-table.ts";
import { createWorld, greeting, type KeyHolder, operator, owner, stranger, type World } from "../../../local/test/world/world.ts";

/** The sweeper finishes what a handler that was cut off leaves behind. */

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
  const { data } = await wholeTable(world.system).entities.closing.scan.go();
  expect(data).toEqual([]);
});

const endByOwner = (world: World, { id }: KeyHolder, { session }: RawEnd) =>
  world.call("POST", `/v1/robots/${id}/sessions/${session}/end`, { as: owner, body: {} });

test("a robot whose client was ended is told so within two sweeps, also where the one who ended it was cut off before [D21]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  await cutOffAfterWrite(world, () => endByOwner(world, robot, client));
  expect(robotEnd.last("peer.ended")).toBeUndefined();
  await pass(world, 2 * minute, robotEnd, client);
  expect(robotEnd.all("peer.ended")).toMatchObject([{ session: client.session, cause: "admin.ended", actor: { type: "user" } }]);
  expect((await wholeTable(world.system).entities.closing.scan.go()).data).toEqual([]);
});

test("a robot that the gateway fails to tell of a client's end is told within two sweeps after it works again [D21]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  world.system.faults.set([{ name: "management.failing", rate: 1 }]);
  expect((await endByOwner(world, robot, client)).status).toBe(204);
  await pass(world, 2 * minute, robotEnd);
  expect(robotEnd.last("peer.ended")).toBeUndefined();
  world.system.faults.set([]);
  await pass(world, 2 * minute, robotEnd);
  expect(robotEnd.all("peer.ended")).toMatchObject([{ session: client.session, cause: "admin.ended" }]);
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
    const end = of === "robot" ? robotEnd : client;
    expect(end.closed).toBeUndefined();
    await pass(world, limits.session.verifyMs + minute, robotEnd, client);
    expect([end.last("bye")?.cause, end.closed?.code]).toEqual([cause, 1000]);
    const ended = (await wholeTimeline(world, robot.id)).filter(({ type, session }) => type === "session.ended" && session === end.session);
    expect(ended).toMatchObject([{ cause, actor: { type: "system" }, inferred: false }]);
  },
);

const asked: Readonly<Record<string, { cause: string; of: "robot" | "client"; path: (robot: KeyHolder) => string; after: number }>> = {
  "taking a grant": { cause: "grant.removed", of: "client", path: () => `/grants?to=email:${operator}`, after: 404 },
  "revoking a key": { cause: "credential.revoked", of: "robot", path: ({ kid }) => `/credentials/${kid}?force=true`, after: 204 },
  "deleting a robot": { cause: "robot.deleted", of: "robot", path: () => "", after: 404 },
};

test.each(Object.entries(asked))(
  "%s again ends the sessions that a call which was cut off left, told why and by whom, and does nothing more [L6]",
  async (_, { cause, of, path, after }) => {
    const { world, robot, robotEnd, client } = await pair();
    const end = of === "robot" ? robotEnd : client;
    const ask = async () => (await world.call("DELETE", `/v1/robots/${robot.id}${path(robot)}`, { as: owner })).status;
    await cutOffAfterWrite(world, async () => expect(await ask()).toBe(503));
    expect(end.closed).toBeUndefined();
    expect(await ask()).toBe(204);
    await world.idle();
    expect([end.last("bye"), end.closed?.code]).toMatchObject([{ cause, actor: { type: "user" } }, 1000]);
    const before = await wholeTimeline(world, robot.id);
    expect(before.filter(({ type }) => ["grant.removed", "credential.revoked", "robot.deleted"].includes(type))).toHaveLength(1);
    expect(await ask()).toBe(after);
    expect(await wholeTimeline(world, robot.id)).toEqual(before);
  },
);

test("a deletion that was cut off before it tidied up leaves no key and no grant once it is asked for again", async () => {
  const { world, robot } = await pair();
  const ask = () => world.call("DELETE", `/v1/robots/${robot.id}`, { as: owner });
  await cutOffAfterWrite(world, ask);
  await ask();
  const { grant, credential } = world.system.store.entities;
  const of = { robotId: robot.id };
  const [grants, keys] = await Promise.all([grant.query.primary(of).go(), credential.query.primary(of).go()]);
  expect([grants.data, keys.data]).toEqual([[], []]);
});

test("a robot that was deleted is not there for an owner whose grant is left [A3]", async () => {
  const { world, robot } = await pair();
  await cutOffAfterWrite(world, () => world.call("DELETE", `/v1/robots/${robot.id}`, { as: owner }));
  const paths = ["", "/timeline", "/grants", "/credentials", "/sessions"];
  const answers = await Promise.all(paths.map((path) => world.call("GET", `/v1/robots/${robot.id}${path}`, { as: owner })));
  expect(answers.map(({ body }) => body.code)).toEqual(paths.map(() => "robot.unknown"));
  const others = await Promise.all([stranger, operator].map((as) => world.call("DELETE", `/v1/robots/${robot.id}`, { as })));
  expect(others.map(({ body }) => body.code)).toEqual(["robot.unknown", "robot.unknown"]);
});

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
  await world.clock.advance(1_000);
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
