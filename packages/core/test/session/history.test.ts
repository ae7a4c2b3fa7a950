import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createWorld, operator, owner, stranger, viewer } from "../../../local/test/world/world.ts";
import { roundOf, rounds } from "../../src/store/index.ts";

type Shown = { id: string; state: string; ending?: { cause: string; says: string; remedy: string; actor: object; evidence?: object } };

test("a session says why it is away, and why it ended, with evidence and what to do [P2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  const read = async (session: string) =>
    (await world.call<Shown>("GET", `/v1/robots/${robot.id}/sessions/${session}`, { as: viewer })).body;
  expect(await read(robotEnd.session)).toMatchObject({ id: robotEnd.session, state: "online" });
  await world.clock.advance(5_000);
  robotEnd.socket.close(1001);
  await world.idle();
  expect(await read(robotEnd.session)).toMatchObject({
    state: "away",
    ending: {
      cause: "connection.closed",
      says: expect.any(String),
      remedy: expect.any(String),
      evidence: { connectionAgeMs: 5_000, closeCode: 1001, lastSeenAt: world.clock.now() },
    },
  });
  await world.say(client, { type: "leave", reason: "lunch" });
  expect(await read(client.session)).toMatchObject({
    state: "ended",
    ending: { cause: "client.left", actor: { type: "user" }, evidence: { reason: "lunch" } },
  });
  const unknown = await world.call("GET", `/v1/robots/${robot.id}/sessions/cse_01JD00000000000000000000A0`, { as: viewer });
  expect([unknown.status, unknown.body.code]).toEqual([404, "session.unknown"]);
});

test("an owner ends any session, a user their own, and the end is told who and why [P2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  const end = (session: string, as: string) =>
    world.call("POST", `/v1/robots/${robot.id}/sessions/${session}/end`, { as, body: { reason: "maintenance" } });
  expect((await end(robotEnd.session, operator)).body).toMatchObject({ code: "access.denied" });
  expect((await end(client.session, viewer)).body).toMatchObject({ code: "access.denied" });
  expect((await end(client.session, stranger)).body).toMatchObject({ code: "robot.unknown" });
  expect((await end(client.session, operator)).status).toBe(204);
  expect(client.last("bye")).toMatchObject({ cause: "admin.ended", actor: { type: "user" }, evidence: { reason: "maintenance" } });
  expect((await end(robotEnd.session, owner)).status).toBe(204);
  expect(robotEnd.closed).toBeDefined();
  expect((await end(robotEnd.session, owner)).body).toMatchObject({ code: "session.unknown" });
});

test("bye, peers, timeline and history give one ending the same cause, actor and evidence: age, last sight and key [P2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  const seenAt = world.clock.now();
  await world.clock.advance(90_000);
  await world.call("DELETE", `/v1/robots/${robot.id}/credentials/${robot.kid}?force=true`, { as: owner });
  await world.idle();
  const path = `/v1/robots/${robot.id}/sessions/${robotEnd.session}`;
  const { ending } = (await world.call<Shown>("GET", path, { as: viewer })).body;
  const entry = (await world.timeline(robot)).find(({ type }) => type === "session.ended");
  const said = {
    cause: "credential.revoked",
    actor: { type: "user", name: "Olive Owner" },
    inferred: false,
    evidence: { connectionAgeMs: 90_000, lastSeenAt: seenAt, kid: robot.kid },
  };
  for (const one of [robotEnd.last("bye"), client.last("peer.ended"), entry, ending]) expect(one).toMatchObject(said);
});

/** A robot that goes silent, and whether the gateway is asked about it after it closed its connection and before word of that comes. */
async function silent({ isAskedMeanwhile }: { isAskedMeanwhile: boolean }) {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  const joinedAt = world.clock.now();
  // No check is at the very instant at which the gateway closes.
  await world.clock.advance(1_000);
  const lateMs = 3 * 60_000;
  world.system.faults.set([{ name: "disconnect.late", ms: lateMs, rate: 1 }]);
  // The round of a session follows from its id, which is random.
  const isAsked = () => {
    const closesAt = world.clock.now() + limits.gateway.idleMs;
    const turn = Math.ceil((closesAt + 1) / limits.presence.everyMs);
    return turn * limits.presence.everyMs < closesAt + lateMs && String(turn % rounds) === roundOf(robotEnd.session);
  };
  while (isAsked() !== isAskedMeanwhile) {
    for (const end of [robotEnd, client]) end.send({ type: "ping" });
    await world.clock.advance(59_000);
  }
  robotEnd.send({ type: "ping" });
  await world.idle();
  const spokeFor = world.clock.now() - joinedAt;
  for (let at = 0; at < limits.gateway.idleMs + lateMs; at += 240_000) {
    client.send({ type: "ping" });
    await world.clock.advance(240_000);
  }
  return { robot, robotEnd, ageMs: spokeFor + limits.gateway.idleMs, away: client.last("peer.away") };
}

test("a connection that the gateway closed for its silence is said to be so, also where its $disconnect comes late [P2]", async () => {
  const { robot, robotEnd, ageMs, away } = await silent({ isAskedMeanwhile: false });
  expect(away).toMatchObject({
    session: robotEnd.session,
    cause: "gateway.idle",
    actor: { type: "gateway" },
    inferred: true,
    // Of when it closed, not of when word of it came.
    evidence: { connectionAgeMs: ageMs, closeCode: 1001, kid: robot.kid },
  });
});

test("a connection of which the gateway had to be asked before its $disconnect came names the silence among what it may be [P2]", async () => {
  const { robotEnd, away } = await silent({ isAskedMeanwhile: true });
  expect(away).toMatchObject({
    session: robotEnd.session,
    cause: "connection.lost",
    inferred: true,
    evidence: { found: "asked" },
    possible: expect.arrayContaining(["gateway.idle"]),
  });
});

test("past sessions of both kinds are listed newest first [A6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const began: string[] = [];
  for (const as of [undefined, operator, undefined, viewer]) {
    const end = await world.join(robot, as);
    began.unshift(end.session);
    await world.clock.advance(1_000);
    await world.say(end, { type: "leave" });
  }
  const { body } = await world.call<{ items: Shown[] }>("GET", `/v1/robots/${robot.id}/sessions`, { as: viewer });
  expect(body.items.map(({ id }) => id)).toEqual(began);
});
