import { createDefault } from "@tether/broker/default";
import type { FrameSeen } from "@tether/protocol/frame/monitor";
import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { startSdkClient, startSdkRobot } from "../../../local/test/world/sdk-end.ts";
import {
  admin,
  createWorld,
  greeting,
  type KeyHolder,
  noon,
  operator,
  owner,
  stranger,
  viewer,
  type World,
} from "../../../local/test/world/world.ts";

const features = ["monitor"];

const signal = (to: { session: string }, seq: number, data: object = { kind: "app", body: seq }) => ({
  type: "signal",
  to: to.session,
  stream: 1,
  seq,
  data,
});
const candidate = { kind: "candidate", candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 };

/** A robot, an operator, and an owner who monitors them. */
async function monitored() {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  const monitor = await world.join(robot, owner, { features });
  return { world, robot, robotEnd, client, monitor };
}

const seen = (monitor: RawEnd) => monitor.all("frame.seen");
const verdicts = (monitor: RawEnd) => seen(monitor).map(({ kind, verdict }) => [kind, verdictWord(verdict)]);

function verdictWord(verdict: FrameSeen["verdict"]): string {
  if (verdict.outcome === "refused") return verdict.code;
  return verdict.outcome === "undelivered" ? verdict.reason : verdict.outcome;
}

/** What the broker did, by its own lines. */
function postsOf(world: World, from: number): number {
  return world.lines.slice(from).reduce((sum, { posts }) => sum + Number(posts ?? 0), 0);
}

/** A second owner, whose role can be taken. */
async function secondOwner(world: World, robot: KeyHolder) {
  const give = (role: string) => world.call("PUT", `/v1/robots/${robot.id}/grants`, { as: owner, body: { to: `email:${stranger}`, role } });
  await give("owner");
  return give;
}

test("an owner sees of each signal who sent it to whom, its kind, its size, and that it was posted [M1, M2]", async () => {
  const { world, robotEnd, client, monitor } = await monitored();
  expect(monitor.last("welcome")?.features).toEqual(["monitor"]);
  const sent = [
    [client, signal(robotEnd, 1, { kind: "offer", sdp: "v=0 äöü" })],
    [robotEnd, signal(client, 1, { kind: "answer", sdp: "v=0" })],
    [client, signal(robotEnd, 2, candidate)],
    [robotEnd, signal(client, 2, { kind: "restart" })],
    [client, signal(robotEnd, 3)],
    [robotEnd, { type: "ack", to: client.session, received: { stream: 1, seq: 3 } }],
  ] as const;
  for (const [end, frame] of sent) {
    await world.clock.advance(1);
    await world.say(end, frame);
  }
  const ends = {
    client: { session: client.session, user: { id: expect.any(String), name: "Oscar Operator" } },
    robot: { session: robotEnd.session },
  };
  expect(seen(monitor)).toEqual(
    ["offer", "answer", "candidate", "restart", "app", "ack"].map((kind, n) => ({
      type: "frame.seen",
      at: noon + n + 1,
      from: n % 2 === 0 ? ends.client : ends.robot,
      to: n % 2 === 0 ? ends.robot : ends.client,
      kind,
      bytes: Buffer.byteLength(JSON.stringify(sent[n]?.[1])),
      verdict: { outcome: "posted" },
    })),
  );
});

test("an owner sees what was not delivered and what was refused, with the words the sender was told [M2]", async () => {
  const { world, robot, robotEnd, client, monitor } = await monitored();
  const watcher = await world.join(robot, viewer);
  await world.say(client, signal(watcher, 1));
  await world.say(client, signal(robotEnd, 2, { kind: "app", body: "x".repeat(limits.signal.dataBytes) }));
  await world.say(client, { ...signal(robotEnd, 3), seq: "three" });
  await world.say(client, "not JSON");
  await world.say(robotEnd, { type: "hello", ...greeting, protocol: 7 });
  expect(seen(monitor).map(({ from, kind }) => [from.session, kind])).toEqual([
    [client.session, "app"],
    [client.session, "app"],
    [client.session, "signal"],
    [client.session, "unreadable"],
    [robotEnd.session, "hello"],
  ]);
  const told = [...client.all("problem"), ...robotEnd.all("problem")];
  expect(told.map(({ code }) => code)).toEqual([
    "signal.target",
    "frame.too-large",
    "frame.invalid",
    "frame.malformed",
    "protocol.unsupported",
  ]);
  expect(seen(monitor).map(({ verdict }) => verdict)).toEqual(told.map(({ type: _, ...problem }) => ({ outcome: "refused", ...problem })));
  monitor.clear();
  client.socket.close(1001);
  await world.idle();
  await world.say(robotEnd, signal(client, 1), { type: "ack", to: client.session, received: { stream: 1, seq: 1 } });
  expect(verdicts(monitor).sort()).toEqual([
    ["ack", "away"],
    ["app", "away"],
  ]);
  expect(seen(monitor)[0]?.to).toMatchObject({ session: client.session, user: { name: "Oscar Operator" } });
});

test("an owner sees frames of control and stops, and who a stop is for [M2]", async () => {
  const { world, robot, robotEnd, client, monitor } = await monitored();
  const watcher = await world.join(robot, viewer);
  await world.say(watcher, { type: "control.request" });
  await world.say(client, { type: "control.request" });
  await world.say(watcher, { type: "stop" });
  robotEnd.socket.close(1001);
  await world.idle();
  await world.say(watcher, { type: "stop" });
  await world.say(client, { type: "ping" }, { type: "nobody.knows" });
  expect(verdicts(monitor)).toEqual([
    ["control.request", "access.denied"],
    ["control.request", "done"],
    ["stop", "posted"],
    ["stop", "stop.undelivered"],
  ]);
  expect(seen(monitor).map(({ to }) => to?.session)).toEqual([undefined, undefined, robotEnd.session, robotEnd.session]);
});

test("nothing that is in a frame reaches a monitor [M3]", async () => {
  const { world, robot, robotEnd, client, monitor } = await monitored();
  const marker = "m4rker";
  const boss = await world.join(robot, owner);
  const renewal = await world.ticketFor.client(robot, operator, { session: client.session, use: "renew" });
  const { ticket } = renewal.body;
  for (const end of [client, robotEnd, boss]) {
    const to = end === robotEnd ? client : robotEnd;
    await world.say(end, { ...signal(to, 1, { kind: "offer", sdp: marker }), id: marker, extra: marker });
    await world.say(end, signal(to, 2, { kind: "answer", sdp: marker }));
    await world.say(end, signal(to, 3, { ...candidate, candidate: marker, sdpMid: marker, ufrag: marker }));
    await world.say(end, signal(to, 4, { kind: "restart", ufrag: marker }));
    await world.say(end, signal(to, 5, { kind: "app", body: { [marker]: marker } }));
    await world.say(end, signal({ session: monitor.session }, 6, { kind: "app", body: marker }));
    await world.say(end, { ...signal(to, 7), seq: marker }, { ...signal(to, 8), data: { kind: marker } }, `{"type":"${marker}`);
    await world.say(end, { type: "hello", ...greeting, protocol: 9, instance: `ins_${marker}`, features: [marker] });
    await world.say(end, { type: "auth.renew", ticket: marker }, { type: "auth.renew", ticket, id: marker });
    await world.say(
      end,
      { type: "control.request", id: marker },
      { type: "control.take", reason: marker },
      { type: "stop", reason: marker },
    );
    await world.say(end, { type: "control.deny", to: boss.session, reason: marker }, { type: marker });
  }
  expect(seen(monitor).length).toBeGreaterThan(40);
  const text = JSON.stringify(seen(monitor));
  for (const secret of [marker, ticket, ticket.split(".").at(-1) ?? marker]) expect(text).not.toContain(secret);
});

test("who is no owner, or one too many, is told that it does not monitor, and sees nothing [M1]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await world.join(robot, undefined, { features });
  const [client, watcher] = [await world.join(robot, operator, { features }), await world.join(robot, viewer, { features })];
  const plain = await world.join(robot, owner);
  const monitors = [];
  for (let n = 0; n < limits.monitor.perRobot; n++) monitors.push(await world.join(robot, n % 2 ? owner : admin, { features }));
  const more = await world.join(robot, owner, { features });
  const given = (end: RawEnd) => end.last("welcome")?.features;
  expect([robotEnd, client, watcher, more].map(given)).toEqual([[], [], [], []]);
  expect(plain.last("welcome")).not.toHaveProperty("features");
  expect(monitors.map(given)).toEqual(monitors.map(() => ["monitor"]));
  const { body } = await world.call<{ items: { id: string; monitors?: boolean }[] }>("GET", `/v1/robots/${robot.id}/sessions`, {
    as: owner,
  });
  const listed = body.items.filter((session) => session.monitors).map(({ id }) => id);
  expect(listed.sort()).toEqual(monitors.map(({ session }) => session).sort());
  await world.say(client, signal(robotEnd, 1));
  expect([robotEnd, client, watcher, plain, more].flatMap(seen)).toEqual([]);
  expect(monitors.map((end) => seen(end).length)).toEqual(monitors.map(() => 1));
  await world.say(monitors[0] as RawEnd, { type: "leave" });
  expect(given(await world.join(robot, owner, { features }))).toEqual(["monitor"]);
});

test("a monitor sees nothing of another robot [M2]", async () => {
  const { world, monitor } = await monitored();
  const other = await world.createRobot("Other");
  const [otherEnd, client] = [await world.join(other), await world.join(other, operator)];
  await world.say(client, signal(otherEnd, 1));
  await world.say(client, "not JSON");
  expect(otherEnd.all("signal")).toHaveLength(1);
  expect(seen(monitor)).toEqual([]);
});

describe("monitoring is over", () => {
  test("with the session, when the grant is removed, the user revoked or the session ended [M5]", async () => {
    const { world, robot, robotEnd, client } = await monitored();
    await secondOwner(world, robot);
    const sub = world.system.identity.users.find(({ email }) => email === stranger)?.sub;
    const ways = [
      (_: RawEnd) => world.call("DELETE", `/v1/robots/${robot.id}/grants?to=email:${stranger}`, { as: owner }),
      async (_: RawEnd) => world.call("POST", `/v1/users/revoke?sub=${sub}`, { as: admin }),
      (end: RawEnd) => world.call("POST", `/v1/robots/${robot.id}/sessions/${end.session}/end`, { as: owner, body: {} }),
    ];
    for (const [n, way] of ways.entries()) {
      await secondOwner(world, robot);
      await world.clock.advance(2_000);
      const end = await world.join(robot, stranger, { features });
      await world.say(client, signal(robotEnd, n + 1));
      expect(seen(end)).toHaveLength(1);
      expect((await way(end)).status).toBeLessThan(300);
      await world.say(client, signal(robotEnd, n + 1));
      expect([seen(end).length, end.last("bye") !== undefined]).toEqual([1, true]);
    }
  });

  test("at once when the grant gives less, and the session, which goes on, is told [M5]", async () => {
    const { world, robot, robotEnd, client, monitor } = await monitored();
    const give = await secondOwner(world, robot);
    const end = await world.join(robot, stranger, { features });
    await give("operator");
    expect(end.all("monitor.ended")).toHaveLength(1);
    await world.say(client, signal(robotEnd, 1));
    await world.say(end, signal(robotEnd, 1));
    expect([seen(end).length, end.closed, robotEnd.all("signal").length]).toEqual([0, undefined, 2]);
    expect([seen(monitor).length, monitor.all("monitor.ended")]).toEqual([2, []]);
  });

  test("at once when a renewal gives less [M5]", async () => {
    const { world, robot, robotEnd, client } = await monitored();
    const give = await secondOwner(world, robot);
    const end = await world.join(robot, stranger, { features });
    // As if whoever gave less had stopped before the session was looked at.
    const { grant } = world.system.store.entities;
    await grant.put({ robotId: robot.id, to: `email:${stranger}`, role: "viewer", givenAt: noon, givenBy: "test" }).go();
    await world.say(client, signal(robotEnd, 1));
    expect(seen(end)).toHaveLength(1);
    const { body } = await world.ticketFor.client(robot, stranger, { session: end.session, use: "renew" });
    await world.say(end, { type: "auth.renew", ticket: body.ticket });
    expect(end.all("monitor.ended")).toHaveLength(1);
    await world.say(client, signal(robotEnd, 2));
    expect(seen(end)).toHaveLength(1);
    await give("owner");
    const again = await world.ticketFor.client(robot, stranger, { session: end.session, use: "renew" });
    await world.say(end, { type: "auth.renew", ticket: again.body.ticket });
    await world.say(client, signal(robotEnd, 3));
    expect(seen(end)).toHaveLength(1);
  });

  test("before it began, where the grant gives less between ticket and hello [M5]", async () => {
    const { world, robot, robotEnd, client } = await monitored();
    const give = await secondOwner(world, robot);
    const { body } = await world.ticketFor.client(robot, stranger);
    const end = await world.connect(body.ticket);
    await give("viewer");
    await world.say(end, { type: "hello", ...greeting, features });
    expect(end.last("welcome")?.features).toEqual([]);
    await world.say(client, signal(robotEnd, 1));
    expect(seen(end)).toEqual([]);
  });
});

test("a monitor pauses with its lease, and goes on with its next connection [M5]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  const lifeMs = 5 * 60_000;
  const first = await world.join(robot, owner, { features, lifeMs });
  const { session } = first;
  await world.clock.advance(lifeMs - 1);
  await world.say(client, signal(robotEnd, 1));
  await world.clock.advance(1);
  await world.say(client, signal(robotEnd, 2));
  expect(seen(first)).toHaveLength(1);
  const renewal = await world.ticketFor.client(robot, owner, { session, use: "renew" });
  await world.say(first, { type: "auth.renew", ticket: renewal.body.ticket });
  await world.say(client, signal(robotEnd, 3));
  expect(seen(first)).toHaveLength(2);
  const second = await world.join(robot, owner, { features, session });
  await world.say(client, signal(robotEnd, 4));
  second.socket.close(1001);
  await world.idle();
  await world.say(client, signal(robotEnd, 5));
  const third = await world.join(robot, owner, { features, session });
  await world.say(client, signal(robotEnd, 6));
  expect([first, second, third].map((end) => seen(end).length)).toEqual([2, 1, 1]);
  // Who does not ask again is no monitor any more.
  const fourth = await world.join(robot, owner, { session });
  await world.say(client, signal(robotEnd, 7));
  expect([third, fourth].map((end) => seen(end).length)).toEqual([1, 0]);
});

test("sender and recipient are told first, and lose nothing by a monitor that cannot be [M4]", async () => {
  const { world, robot, robotEnd, client, monitor } = await monitored();
  const { env, gateway } = world.system;
  const idOf = (end: RawEnd) => {
    const claims = gateway.connections.list().map(({ connectionId, authorizer }) => [connectionId, String(authorizer.claims)] as const);
    return claims.find(([, text]) => text.includes(end.session))?.[0] ?? "";
  };
  const names = new Map([robotEnd, client, monitor].map((end, n) => [idOf(end), ["robot", "client", "monitor"][n]] as const));
  const { authorizer, connectedAt, connectionId } = gateway.connections.list().find((one) => one.connectionId === idOf(client)) ?? {};
  const order: string[] = [];
  const handle = createDefault({
    ...env,
    outbox: {
      ...env.outbox,
      async post(id, frame) {
        const name = String(names.get(id));
        order.push(`${name} begins`);
        if (name === "monitor") throw new Error("no gateway");
        const posted = await env.outbox.post(id, frame);
        order.push(`${name} is told`);
        return posted;
      },
    },
  });
  const say = (frame: object) =>
    handle({
      requestContext: { connectionId: String(connectionId), connectedAt: Number(connectedAt), authorizer: { ...authorizer } },
      body: JSON.stringify(frame),
    });
  expect(await say(signal(robotEnd, 1))).toEqual({ statusCode: 200 });
  expect(await say(signal(monitor, 2))).toEqual({ statusCode: 200 });
  expect(order).toEqual(["robot begins", "robot is told", "monitor begins", "client begins", "client is told", "monitor begins"]);
  await world.idle();
  expect([robotEnd.all("signal").length, client.last("problem")?.code]).toEqual([1, "signal.target"]);
  expect(await world.item(robot, monitor.session)).toContain('"monitors":true');
});

test("a monitor whose connection is gone is away from then on, and costs nothing more [M4, P5]", async () => {
  const { world, robot, robotEnd, client, monitor } = await monitored();
  world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
  monitor.socket.close(1001);
  await world.idle();
  await world.say(client, signal(robotEnd, 1));
  expect(robotEnd.all("signal")).toHaveLength(1);
  expect(robotEnd.last("peer.away")).toMatchObject({ session: monitor.session, inferred: true });
  expect(client.frames.filter(({ type }) => type === "undelivered" || type === "problem")).toEqual([]);
  expect(await world.item(robot, monitor.session)).not.toContain("monitors");
  const from = world.lines.length;
  world.system.requests.reset();
  await world.say(client, signal(robotEnd, 2));
  expect([world.system.requests.counts(), postsOf(world, from)]).toEqual([{ Query: 1 }, 1]);
});

test("a set-up costs one post a frame more for each that monitors, and nothing while nobody does [M6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  await world.join(robot, owner);
  const setUp = async () => {
    const from = world.lines.length;
    world.system.requests.reset();
    await world.say(client, signal(robotEnd, 1, { kind: "offer", sdp: "v=0" }));
    await world.say(robotEnd, signal(client, 1, { kind: "answer", sdp: "v=0" }));
    for (let seq = 2; seq <= 11; seq++) {
      await world.say(client, signal(robotEnd, seq, candidate));
      await world.say(robotEnd, signal(client, seq, candidate));
    }
    return [world.system.requests.counts(), postsOf(world, from)];
  };
  const refused = async () => {
    world.system.requests.reset();
    await world.say(client, "not JSON");
    return world.system.requests.counts();
  };
  expect([await setUp(), await refused()]).toEqual([[{ Query: 22 }, 22], { Query: 1 }]);
  await world.join(robot, owner, { features });
  expect([await setUp(), await refused()]).toEqual([[{ Query: 22 }, 44], { Query: 1 }]);
  await world.join(robot, owner, { features });
  expect(await setUp()).toEqual([{ Query: 22 }, 66]);
});

test("an owner's SDK sees every signal of two others, each once, over its own hand-overs [M2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await startSdkRobot(world, robot), await startSdkClient(world, robot, operator)];
  const boss = await startSdkClient(world, robot, owner, { seed: 3, monitor: true });
  const hours = 5;
  for (let n = 1; n <= hours * 12; n++) {
    await world.clock.advance(5 * 60_000);
    client.signal(n);
    robotEnd.signal(n);
    await world.idle();
  }
  expect(new Set(boss.epochs).size).toBeGreaterThan(2);
  expect(boss.session.monitor.isOn).toBe(true);
  const own = boss.session.id;
  const others = boss.seen.filter(({ from, to, kind }) => kind === "app" && from.session !== own && to?.session !== own);
  expect(others.map(({ verdict }) => verdict.outcome)).toEqual(Array(2 * hours * 12).fill("posted"));
});
