import { storeFaults } from "@tether/local/engine/fate";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createWorld, operator, owner, viewer } from "../../../local/test/world/world.ts";

const signal = (to: string, seq: number, more: object = {}) => ({
  type: "signal",
  to,
  stream: 1,
  seq,
  data: { kind: "app", body: "hi" },
  ...more,
});

test("a signal reaches the peer's live connection, from whom the broker says it is [S2, S10]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  await world.say(client, signal(robotEnd.session, 1, { from: robotEnd.session, id: "x" }));
  expect(robotEnd.all("signal")).toEqual([{ type: "signal", from: client.session, stream: 1, seq: 1, data: { kind: "app", body: "hi" } }]);
  await world.say(robotEnd, { type: "ack", to: client.session, received: { stream: 1, seq: 1 }, from: "me" });
  expect(client.all("ack")).toEqual([{ type: "ack", from: robotEnd.session, received: { stream: 1, seq: 1 } }]);
});

test("a client signals its robot's session only, a robot its clients only [S1]", async () => {
  const world = await createWorld();
  const [robot, other] = [await world.createRobot(), await world.createRobot("Other")];
  const [robotEnd, client, second, foreign] = [
    await world.join(robot),
    await world.join(robot, operator),
    await world.join(robot, viewer),
    await world.join(other),
  ];
  for (const to of [second.session, foreign.session, client.session]) await world.say(client, signal(to, 1, { id: to }));
  expect(client.all("problem").map(({ code, id }) => [code, id])).toEqual(
    [second, foreign, client].map(({ session }) => ["signal.target", session]),
  );
  await world.say(robotEnd, signal(foreign.session, 1), signal(robotEnd.session, 2));
  expect(robotEnd.all("problem").map(({ code }) => code)).toEqual(["signal.target", "signal.target"]);
  expect([...second.all("signal"), ...foreign.all("signal")]).toEqual([]);
});

test("signal data of 28 KB is relayed, a byte more is refused [S11]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  const data = (bytes: number) => ({ kind: "app", body: "x".repeat(bytes - JSON.stringify({ kind: "app", body: "" }).length) });
  await world.say(client, signal(robotEnd.session, 1, { data: data(limits.signal.dataBytes) }));
  expect(robotEnd.all("signal")).toHaveLength(1);
  await world.say(client, signal(robotEnd.session, 2, { data: data(limits.signal.dataBytes + 1), id: "big" }));
  expect(client.last("problem")).toMatchObject({ code: "frame.too-large", id: "big" });
  expect(robotEnd.all("signal")).toHaveLength(1);
});

test("a signal to a peer that is away is reported undelivered, with its name [S10, F4]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  robotEnd.socket.close(1001);
  await world.idle();
  await world.say(client, signal(robotEnd.session, 7, { id: "s7" }));
  expect(client.last("undelivered")).toEqual({ type: "undelivered", id: "s7", to: robotEnd.session, stream: 1, seq: 7, reason: "away" });
});

test("a post answered 410 for a connection that lives is reported, and nobody is made away [P5, S10]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  const before = await world.item(robot, "robot");
  world.system.faults.set([{ name: "post.gone", times: 1 }]);
  await world.say(client, signal(robotEnd.session, 1));
  expect(client.last("undelivered")).toMatchObject({ seq: 1, reason: "busy" });
  expect(await world.item(robot, "robot")).toBe(before);
});

test("a 410 for a connection that is gone makes its session away, and tells the sender [P5, P2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
  robotEnd.socket.close(1001);
  await world.idle();
  await world.say(client, signal(robotEnd.session, 1));
  expect(client.last("undelivered")).toMatchObject({ seq: 1, reason: "away" });
  expect(client.last("peer.away")).toMatchObject({
    session: robotEnd.session,
    cause: "connection.lost",
    inferred: true,
    actor: { type: "gateway" },
    evidence: { found: "asked" },
  });
});

test("nothing is relayed once the sender's lease, or the recipient's, is over [S12]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const lifeMs = 5 * 60_000;
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator, { lifeMs })];
  await world.clock.advance(lifeMs - 1);
  await world.say(client, signal(robotEnd.session, 1));
  await world.say(robotEnd, signal(client.session, 1));
  expect([robotEnd.all("signal").length, client.all("signal").length]).toEqual([1, 1]);
  await world.clock.advance(1);
  await world.say(client, signal(robotEnd.session, 2));
  await world.say(robotEnd, signal(client.session, 2));
  expect(client.last("problem")).toMatchObject({ code: "session.expired" });
  expect(robotEnd.last("undelivered")).toMatchObject({ seq: 2, reason: "away" });
  expect([robotEnd.all("signal").length, client.all("signal").length]).toEqual([1, 1]);
});

test("malformed, oversized and unknown frames get what they deserve, and the connection stays [F1, F2, F3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  client.clear();
  await world.say(client, "not json");
  await world.say(client, "[1]");
  await world.say(client, { type: "signal", id: "q", to: robotEnd.session, stream: 1, seq: "one", data: { kind: "app", body: "secret" } });
  await world.say(client, { type: "invented", secret: "secret" });
  expect(client.frames).toMatchObject([
    { type: "problem", code: "frame.malformed" },
    { type: "problem", code: "frame.malformed" },
    { type: "problem", code: "frame.invalid", fields: ["seq"], id: "q" },
  ]);
  expect(JSON.stringify(client.frames)).not.toContain("secret");
  client.clear();
  await world.say(client, signal(robotEnd.session, 1));
  expect(robotEnd.all("signal")).toHaveLength(1);
});

test("ping costs no invocation and no store request, and is answered by nobody [F6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const end = await world.join(robot);
  const [lines, frames] = [world.lines.length, end.frames.length];
  world.system.requests.reset();
  await world.say(end, { type: "ping" }, { type: "ping" });
  expect([world.lines.length, end.frames.length, world.system.requests.counts()]).toEqual([lines, frames, {}]);
});

test.each(["throttled", "exhausted", "failing", "cut", "lose"] as const)(
  "when the store does not answer (%s), a signal is reported undelivered and a ticket is refused as unavailable [A4, S10]",
  async (fault) => {
    const world = await createWorld();
    const robot = await world.createRobot();
    const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
    world.system.requests.before(storeFaults[fault]);
    await world.say(client, signal(robotEnd.session, 1));
    expect(client.last("undelivered")).toMatchObject({ seq: 1, reason: "busy" });
    const refused = await world.ticketFor.client(robot, operator);
    expect([refused.status, refused.body]).toMatchObject([503, { code: "unavailable" }]);
    const listed = await world.call("GET", "/v1/robots", { as: owner });
    expect(listed.status).toBe(503);
  },
);

test("a request that the store calls invalid is a defect: it is answered internal, and permits nothing [A4]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  world.system.requests.before(() => ({
    status: 400,
    body: { __type: "com.amazonaws.dynamodb.v20120810#ValidationException", message: "no" },
  }));
  const refused = await world.ticketFor.client(robot, operator);
  expect([refused.status, refused.body]).toMatchObject([500, { code: "internal" }]);
});

test("a read that lags may let a signal pass, and makes nobody wait, doubt or go: before a no the store is asked again [S10, P5]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [first, client] = [await world.join(robot), await world.join(robot, operator)];
  world.system.faults.set([{ name: "store.stale", windowMs: 60_000, rate: 1 }]);
  // By a copy that lags the robot is still away, still on the connection before, and the newcomer not there yet.
  first.socket.close(1001);
  await world.idle();
  const back = await world.join(robot);
  await world.say(client, signal(back.session, 1));
  const handed = await world.join(robot);
  back.socket.close(1000);
  await world.idle();
  await world.say(client, signal(back.session, 2));
  const newcomer = await world.join(robot, viewer);
  await world.say(newcomer, signal(back.session, 3));
  await world.say(handed, signal(newcomer.session, 4));
  const got = [back, handed, newcomer].map((end) => end.all("signal").map(({ seq }) => seq));
  expect(got).toEqual([[1], [2, 3], [4]]);
  expect([client, newcomer, handed].flatMap((end) => [...end.all("problem"), ...end.all("undelivered")])).toEqual([]);
  expect(world.system.faults.struck()["store.stale"]).toBeGreaterThanOrEqual(4);
});
