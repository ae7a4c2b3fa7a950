import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { identityOf } from "../../../local/test/world/identity.ts";
import { wholeTable } from "../../../local/test/world/whole-table.ts";
import { createWorld, type KeyHolder, operator, owner, type World } from "../../../local/test/world/world.ts";
import type { Session } from "../../src/live/session.ts";
import { endGrace, endWhat } from "../../src/session/end.ts";
import { end, expel, leave } from "../../src/session/index.ts";
import type { Ending } from "../../src/store/ending.ts";

const ending: Ending = { cause: "grant.removed", actor: { type: "user", id: "owner" }, inferred: false };

async function start() {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  return { world, robot, robotEnd, client, env: world.system.env };
}

const read = async (world: World, robot: KeyHolder, slot: string): Promise<Session> => ({
  ...JSON.parse(await world.item(robot, slot)),
  robotId: robot.id,
});

const notes = async ({ system }: World) => (await wholeTable(system).entities.closing.scan.go()).data;

/** The newest entry of a type about a session. */
const entryOf = async (world: World, robot: KeyHolder, session: string, type = "session.ended") =>
  (await world.timeline(robot)).find((entry) => entry.type === type && entry.session === session);

describe("the end of a session", () => {
  test("is one: who ends what has ended changes nothing, tells nobody, and is told so [P2]", async () => {
    const { world, robot, robotEnd, client, env } = await start();
    const session = await read(world, robot, client.session);
    expect(await end(env, session, ending)).toBe(true);
    await world.idle();
    expect([robotEnd.all("peer.ended").length, client.last("bye")?.cause]).toEqual([1, "grant.removed"]);
    expect(await end(env, session, { ...ending, cause: "user.revoked" })).toBe(false);
    expect(robotEnd.all("peer.ended")).toHaveLength(1);
    expect([await notes(world), await entryOf(world, robot, client.session)]).toMatchObject([[], { cause: "grant.removed" }]);
  });

  test("stays noted for the sweeper while the robot could not be told of it [D21]", async () => {
    const { world, robot, robotEnd, client, env } = await start();
    const { connection } = await identityOf(world, robot, robotEnd);
    const post: typeof env.outbox.post = async (id, frame) => (id === connection.id ? "failed" : env.outbox.post(id, frame));
    const pacing = { ...env.pacing, pause: async () => {} };
    const deaf = { ...env, pacing, outbox: { ...env.outbox, post } };
    expect(await end(deaf, await read(world, robot, client.session), ending)).toBe(true);
    expect(await notes(world)).toMatchObject([{ sessionId: client.session, cause: "grant.removed", ended: { kind: "client" } }]);
  });

  test("that never said hello is told to its connection alone, and nothing of it is noted [H4]", async () => {
    const { world, robot, robotEnd, env } = await start();
    const { body } = await world.ticketFor.client(robot, owner);
    const silent = await world.connect(body.ticket);
    robotEnd.clear();
    expect(await end(env, await read(world, robot, body.session.id), ending)).toBe(true);
    await world.idle();
    expect([silent.last("bye")?.cause, robotEnd.frames, await notes(world)]).toEqual(["grant.removed", [], []]);
  });

  test("after an absence comes when its grace is over, and not before [P3]", async () => {
    const { world, robot, robotEnd, client, env } = await start();
    client.socket.close(1001);
    await world.idle();
    const session = await read(world, robot, client.session);
    const at = (ms: number) => ({ ...env, clock: { now: () => world.clock.now() + ms } });
    expect(await endGrace(at(limits.session.clientGraceMs - 1), session)).toBe(false);
    expect(await endGrace(at(limits.session.clientGraceMs), session)).toBe(true);
    await world.idle();
    expect(robotEnd.last("peer.ended")).toMatchObject({ session: client.session, cause: "grace.over" });
  });
});

describe("what stands on a right that was taken away", () => {
  /** A client whose next connection waits for its hello, let in as somebody else; and who the two are. */
  async function withNext() {
    const scene = await start();
    const { world, robot, client } = scene;
    const next = await world.connect((await world.ticketFor.client(robot, operator, { session: client.session })).body.ticket);
    const session = await read(world, robot, client.session);
    const other = { ...session.principal, id: "other" };
    const pending = session.pending && { ...session.pending, principal: other };
    await world.system.store.entities.session.patch({ robotId: robot.id, slot: client.session }).set({ pending }).go();
    const stands = (id: "other" | "own") => (principal: Session["principal"]) =>
      principal.type === "user" && (principal.id === "other") === (id === "other");
    return { ...scene, next, session: { ...session, pending } as Session, stands };
  }

  test("is the whole session where its own principal does", async () => {
    const { world, client, next, session, stands, env } = await withNext();
    await endWhat(env, session, stands("own"), ending);
    await world.idle();
    expect([client.last("bye")?.cause, next.last("bye")?.cause]).toEqual(["grant.removed", "grant.removed"]);
  });

  test("is the connection that waits for its hello where only that does, and the session goes on", async () => {
    const { world, robot, client, next, session, stands, env } = await withNext();
    await endWhat(env, session, () => false, ending);
    expect((await read(world, robot, client.session)).pending).toBeDefined();
    await endWhat(env, session, stands("other"), ending);
    await world.idle();
    expect([client.closed, next.last("bye")?.cause]).toEqual([undefined, "grant.removed"]);
    expect((await read(world, robot, client.session)).pending).toBeUndefined();
    expect([await notes(world), await entryOf(world, robot, client.session, "session.lapsed")]).toMatchObject([
      [],
      { cause: "grant.removed" },
    ]);
    expect((await read(world, robot, client.session)).state).toBe("online");
  });

  test("is the whole session where that connection said hello meanwhile", async () => {
    const { world, next, session, stands, env } = await withNext();
    await world.say(next, { type: "hello", protocol: 1, features: [], instance: "ins_aaaaaaaa", received: {} });
    await endWhat(env, session, stands("other"), ending);
    await world.idle();
    expect(next.last("bye")?.cause).toBe("grant.removed");
  });

  test("is nothing where that connection is gone and the session has its own principal", async () => {
    const { world, client, next, session, stands, env } = await withNext();
    next.socket.close(1001);
    await world.idle();
    await endWhat(env, session, stands("other"), ending);
    await world.idle();
    expect(client.closed).toBeUndefined();
  });
});

describe("an end that leaves", () => {
  test.each([
    ["a client", undefined, "client.left"],
    ["a robot", undefined, "robot.left"],
    ["a robot", { cause: "driver.ended", status: 1 }, "driver.ended"],
    ["a client", { cause: "driver.ended", status: 1 }, "client.left"],
  ] as const)("as %s, saying %j of why, has left for the cause %s, by its own word [P2, P9]", async (kind, why, cause) => {
    const { world, robot, robotEnd, client, env } = await start();
    const leaving = kind === "a robot" ? robotEnd : client;
    const from = await identityOf(world, robot, leaving);
    expect(await leave(env, from, { type: "leave", why })).toBeUndefined();
    await world.idle();
    const bye = leaving.last("bye");
    expect(bye).toMatchObject({ cause, inferred: false, actor: kind === "a robot" ? { type: "robot", id: robot.id } : { type: "user" } });
    expect(bye?.evidence).not.toHaveProperty("reason");
    expect(bye?.evidence?.status).toBe(cause === "driver.ended" ? 1 : undefined);
  });

  test("may though its lease is over, and says its reason; one that has another connection by then may not [L3, P2]", async () => {
    const { world, robot, robotEnd, client, env } = await start();
    const from = await identityOf(world, robot, client);
    const late = { ...env, clock: { now: () => world.clock.now() + limits.auth.leaseMs } };
    const superseded = { ...from, epoch: 3, connection: { id: "another", since: 0 } };
    expect(await leave(env, superseded, { type: "leave" })).toEqual({ problem: "session.superseded" });
    expect(client.closed).toBeUndefined();
    expect(await leave(late, from, { type: "leave", reason: "lunch" })).toBeUndefined();
    await world.idle();
    expect(robotEnd.last("peer.ended")).toMatchObject({ cause: "client.left", evidence: { reason: "lunch" } });
    expect(await leave(env, from, { type: "leave" })).toEqual({ problem: "session.superseded" });
  });
});

test("a session that somebody ended says by whom and that it is certain, with a reason only where one was given [P2]", async () => {
  const { world, robot, robotEnd, client } = await start();
  const ask = (session: string, body: object) => world.call("POST", `/v1/robots/${robot.id}/sessions/${session}/end`, { as: owner, body });
  await ask(client.session, {});
  await ask(robotEnd.session, { reason: "rain" });
  const said = { cause: "admin.ended", inferred: false, actor: { type: "user", name: "Olive Owner" } };
  expect([client.last("bye"), robotEnd.last("bye")]).toMatchObject([said, { ...said, evidence: { reason: "rain" } }]);
  expect(client.last("bye")?.evidence).not.toHaveProperty("reason");
});

test("a connection that floods is closed also where the session is not, or no more, its own [F9]", async () => {
  const { world, robot, robotEnd, client, env } = await start();
  const from = await identityOf(world, robot, client);
  const closed: string[] = [];
  const close: typeof env.outbox.close = async (id) => {
    closed.push(id);
    return "closed";
  };
  const watched = { ...env, outbox: { ...env.outbox, close } };
  await expel(watched, { ...from, connection: { ...from.connection, id: "another" } });
  expect([closed, (await read(world, robot, client.session)).state]).toEqual([["another"], "online"]);
  await end(env, await read(world, robot, client.session), ending);
  await expel(watched, from);
  expect([closed, robotEnd.all("peer.away")]).toEqual([["another", from.connection.id], []]);
});
