import type { SessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { joinAs, putRobots, putSessions } from "../../../local/test/world/crowd.ts";
import { invariants } from "../../../local/test/world/invariants.ts";
import { RawEnd } from "../../../local/test/world/raw-end.ts";
import { minute, pass } from "../../../local/test/world/scene.ts";
import { startSdkClient, startSdkRobot } from "../../../local/test/world/sdk-end.ts";
import { createKeyHolder, createWorld, greeting, operator, owner, stranger, viewer, type World } from "../../../local/test/world/world.ts";

/** Each was reproduced on the system this one replaces. The names are the failures; the tests show that they are none here. */

const signal = (to: RawEnd, seq = 1, data: object = { kind: "app", body: seq }) => ({
  type: "signal",
  to: to.session,
  stream: 1,
  seq,
  data,
});
const candidate = { kind: "candidate", candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 };
const other = { instance: "ins_bbbbbbbb" };

async function pair() {
  const world = await createWorld();
  const robot = await world.createRobot();
  return { world, robot, robotEnd: await world.join(robot), client: await world.join(robot, operator) };
}

async function expectTalk(world: World, one: RawEnd, another: RawEnd): Promise<void> {
  for (const end of [one, another]) end.clear();
  await world.say(one, signal(another));
  await world.say(another, signal(one));
  expect([one.all("signal").length, another.all("signal").length]).toEqual([1, 1]);
}

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

test("expired token still relays: here the lease is looked at with every frame [S12]", async () => {
  const { world, robot, robotEnd } = await pair();
  const client = await world.join(robot, viewer, { lifeMs: 5 * minute });
  await pass(world, 5 * minute, robotEnd, client);
  await world.say(client, signal(robotEnd));
  expect([client.last("problem")?.code, robotEnd.all("signal")]).toEqual(["session.expired", []]);
});

test("revoked token still relays: here its sessions end with it, and it buys nothing more [U2, U3]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const { idToken } = await world.system.identity.tokensFor(operator);
  const headers = { authorization: `Bearer ${idToken}` };
  const { body } = await world.call<{ id: string }>("GET", "/v1/users/me", { headers });
  // What it says once it is told comes to nobody, and neither does what was on its way.
  client.send(signal(robotEnd));
  await world.idle();
  robotEnd.clear();
  expect((await world.call("POST", `/v1/users/revoke?sub=${body.id}`, { headers })).status).toBe(200);
  await world.idle();
  expect([client.last("bye")?.cause, client.closed === undefined, robotEnd.all("signal")]).toEqual(["user.revoked", false, []]);
  expect((await world.call("POST", "/v1/tickets/client", { headers, body: { robot: robot.id } })).body).toMatchObject({
    code: "auth.expired",
  });
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

test("candidate overtakes offer: here the receiver puts them in order, each once [S4]", async () => {
  const world = await createWorld({ seed: 8 });
  const robot = await world.createRobot();
  const [robotEnd, client] = [await startSdkRobot(world, robot), await startSdkClient(world, robot, operator)];
  const got: string[] = [];
  robotEnd.session.on("signal", ({ data }) => void got.push(data.kind === "candidate" ? String(data.candidate) : data.kind));
  world.system.faults.set([
    { name: "reorder.invoke", windowMs: 400 },
    { name: "reorder.post", windowMs: 400 },
    { name: "post.doubled", rate: 0.3 },
  ]);
  const send = (data: object) => client.session.send(robotEnd.session.id as SessionId, data as never);
  send({ kind: "offer", sdp: "v=0" });
  for (let n = 1; n <= 20; n++) send({ ...candidate, candidate: `candidate:${n}` });
  await world.clock.advance(minute);
  expect(got).toEqual(["offer", ...Array.from({ length: 20 }, (_, n) => `candidate:${n + 1}`)]);
});

test("a second user forges an answer as the robot: here who speaks is the broker's word, and clients cannot reach each other [S1, S2]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const second = await world.join(robot, viewer);
  const answer = { kind: "answer", sdp: "v=0 forged" };
  await world.say(second, { ...signal(client, 1, answer), from: robotEnd.session });
  await world.say(second, { ...signal(robotEnd, 2, answer), from: client.session });
  expect([second.last("problem")?.code, client.all("signal")]).toEqual(["signal.target", []]);
  expect(robotEnd.all("signal").map(({ from }) => from)).toEqual([second.session]);
});

test("a stranger registers as an offline robot: here only the robot's key opens its session [A2, T2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const forger = createKeyHolder(robot.id, world.system.origin, world.clock);
  const asked = [forger.assertion(), `${robot.assertion().split(".").slice(0, 2).join(".")}.${forger.assertion().split(".")[2]}`];
  for (const assertion of asked) expect((await world.call("POST", "/v1/tickets/robot", { body: { assertion } })).status).toBe(401);
  expect((await world.ticketFor.client(robot, stranger)).status).toBe(404);
  const { ticket } = (await world.ticketFor.client(robot, operator)).body;
  const [header, claims, mac] = ticket.split(".") as [string, string, string];
  const robots = { ...JSON.parse(Buffer.from(claims, "base64url").toString()), kind: "robot" };
  const altered = `${header}.${Buffer.from(JSON.stringify(robots)).toString("base64url")}.${mac}`;
  expect((await world.connect(altered)).status).toBe(403);
  expect(await world.item(robot, "robot")).toBe(undefined);
});

test("an unauthenticated socket blocks a robot: here it never becomes a connection, and one that keeps silent is in nobody's way [T2, H4]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  world.system.requests.reset();
  const strangers = Array.from({ length: 50 }, () => new RawEnd(world.quiet, world.system.brokerUrl, []));
  await world.idle();
  expect(new Set(strangers.map(({ status }) => status))).toEqual(new Set([403]));
  expect([world.system.requests.counts(), world.system.gateway.connections.list()]).toEqual([{}, []]);
  for (let n = 0; n < 5; n++) expect((await world.connect((await world.ticketFor.client(robot, operator)).body.ticket)).status).toBe(101);
  const silent = await world.connect((await world.ticketFor.robot(robot)).body.ticket);
  const robotEnd = await world.join(robot);
  await expectTalk(world, robotEnd, await world.join(robot, viewer));
  await world.say(silent, { type: "hello", ...greeting });
  expect(silent.last("problem")?.code).toBe("session.superseded");
});

test("two clients pass the session lock together: here what is to be had once is given by one conditional write [T3]", async () => {
  const { world, robot, robotEnd } = await pair();
  const { ticket } = (await world.ticketFor.client(robot, viewer)).body;
  const rivals = await Promise.all(Array.from({ length: 8 }, () => world.connect(ticket)));
  expect(rivals.map(({ status }) => status).sort()).toEqual([101, ...Array(7).fill(409)]);
  const robots = (await Promise.all([world.ticketFor.robot(robot), world.ticketFor.robot(robot)])).map(({ body }) => body.ticket);
  const ends = await Promise.all(robots.map((one) => world.connect(one)));
  expect([ends.map(({ status }) => status).sort(), robotEnd.closed]).toEqual([[101, 409], undefined]);
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

test("keepalive stops at 1,000 connections: here 1,200 are kept alive, and each is looked up in its turn [E4, L6]", async () => {
  const world = await createWorld();
  const crew = ["a", "b", "c", "d", "e"];
  const robots = await putRobots(world, 48, crew);
  const ends: RawEnd[] = [];
  for (const robot of robots) {
    ends.push(
      ...(await Promise.all(
        Array.from({ length: 5 }, () => crew)
          .flat()
          .map((sub) => joinAs(world, robot, sub)),
      )),
    );
    // The gateway takes 500 new connections a second.
    await world.clock.advance(100);
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

test("a locked-out user can still send candidates: here no connection of theirs counts from the write on [P2, T6]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const { ticket } = (await world.ticketFor.client(robot, operator, { session: client.session })).body;
  // Two connections of one session: the newer one is live, the frames of the older one still count for 10 s.
  const newer = await world.connect(ticket);
  await world.say(newer, { type: "hello", ...greeting });
  await world.say(client, signal(robotEnd, 1, candidate));
  await world.call("DELETE", `/v1/robots/${robot.id}/grants?to=email:${operator}`, { as: owner });
  await world.say(client, signal(robotEnd, 2, candidate));
  expect([newer.closed === undefined, client.last("problem")?.code, robotEnd.all("signal").length]).toEqual([
    false,
    "session.superseded",
    1,
  ]);
  expect((await world.ticketFor.client(robot, operator)).status).toBe(404);
});

test("checks fail open when the store is unreadable: here nobody is let in, renewed or relayed [A4]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const { ticket } = (await world.ticketFor.client(robot, operator)).body;
  const renewal = (await world.ticketFor.client(robot, operator, { session: client.session, use: "renew" })).body.ticket;
  const pending = await world.connect((await world.ticketFor.client(robot, viewer)).body.ticket);
  world.system.requests.before(() => "cut");
  expect((await world.ticketFor.robot(robot)).status).toBe(503);
  expect((await world.ticketFor.client(robot, operator)).status).toBe(503);
  expect((await world.connect(ticket)).status).toBeGreaterThanOrEqual(500);
  await world.say(pending, { type: "hello", ...greeting });
  await world.say(client, { type: "auth.renew", ticket: renewal });
  expect([pending, client].map((end) => end.last("problem")?.code)).toEqual(["unavailable", "unavailable"]);
  await world.say(client, signal(robotEnd));
  expect([client.last("undelivered")?.reason, robotEnd.all("signal")]).toEqual(["busy", []]);
});
