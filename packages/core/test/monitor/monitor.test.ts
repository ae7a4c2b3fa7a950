import type { FrameSeen } from "@tether/protocol/frame/monitor";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { startSdkClient, startSdkRobot } from "../../../local/test/world/sdk-end.ts";
import { createWorld, greeting, noon, operator, owner, viewer } from "../../../local/test/world/world.ts";
import { candidate, monitored, seen, signal } from "./monitored.ts";

const verdicts = (monitor: RawEnd) => seen(monitor).map(({ kind, verdict }) => [kind, verdictWord(verdict)]);

function verdictWord(verdict: FrameSeen["verdict"]): string {
  if (verdict.outcome === "refused") return verdict.code;
  return verdict.outcome === "undelivered" ? verdict.reason : verdict.outcome;
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

test("a monitor sees nothing of another robot [M2]", async () => {
  const { world, monitor } = await monitored();
  const other = await world.createRobot("Other");
  const [otherEnd, client] = [await world.join(other), await world.join(other, operator)];
  await world.say(client, signal(otherEnd, 1));
  await world.say(client, "not JSON");
  expect(otherEnd.all("signal")).toHaveLength(1);
  expect(seen(monitor)).toEqual([]);
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
