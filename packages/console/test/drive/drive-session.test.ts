import { defaultPolicy, type PendingRequest } from "@tether/protocol/control";
import { InstanceId, RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { attach } from "@tether/sdk/client";
import { expect, test } from "vitest";
import { answer, session as own, welcome } from "../../../sdk/test/connection/example.ts";
import { createPipes } from "../../../sdk/test/control/pipe.ts";
import { createTestPlatform } from "../../../sdk/test/platform.ts";
import { createService } from "../../../sdk/test/service.ts";
import { settled } from "../../../sdk/test/virtual-clock.ts";
import { createDriveSession } from "../../src/drive/drive-session.ts";
import { patience } from "../../src/drive/stop.ts";
import { byOlive, held, olive, peer, user } from "./examples.ts";

const robot = RobotId.parse("rob_01J00000000000000000000000");

/** A drive session on a clock that stands still, whose broker and robot are the test. */
async function start({ path = "connected" } = {}) {
  const service = createService();
  const world = createTestPlatform({ fetch: service.fetch });
  const { clock } = world;
  for (let n = 1; n < 9; n += 1) service.gives(answer(n, clock.now()));
  const session = attach({ api: "https://api.example", robot, token: async () => "token", platform: world.platform });
  const pipes = createPipes(clock);
  const heard: { type: string }[] = [];
  pipes.robot.events.onmessage = ({ data }) => heard.push(JSON.parse(String(data)));
  const made: EventTarget[] = [];
  const media = createPipes(clock);
  const watched: unknown[] = [];
  media.robot.events.onmessage = ({ data }) => watched.push(JSON.parse(String(data)));
  const connect = () => {
    const { control, events } = pipes.operator;
    const channels = { "tether.control": control, "tether.events": events, "tether.media": media.operator.events };
    const pc = Object.assign(new EventTarget(), {
      connectionState: path,
      createDataChannel: (label: keyof typeof channels) => channels[label],
      close() {},
    });
    made.push(pc);
    return pc as unknown as RTCPeerConnection;
  };
  const driveSession = createDriveSession({ session, clock, connect });
  await settled();
  const peers = [{ ...peer, instance: InstanceId.parse("instance-1") }];
  return {
    clock,
    driveSession,
    heard,
    made,
    says: world.last().says,
    sent: () =>
      world
        .last()
        .sent.map(({ type }) => type)
        .filter((type) => type === "stop"),
    watched,
    camerasAre: (cameras: readonly object[], more: object = {}) =>
      media.robot.events.send(JSON.stringify({ type: "cameras", cameras, ...more })),
    robotSays: (message: object) => pipes.robot.events.send(JSON.stringify(message)),
    async greet({ control = held(), withRobot = true, requests = [] as PendingRequest[] } = {}) {
      await world.last().opens();
      const said = { ...welcome({ at: clock.now() }), control: { control, policy: defaultPolicy, requests } };
      await world.last().says({ ...said, peers: withRobot ? peers : [] });
    },
  };
}

test("a robot that says it has no driver is undrivable on the page [P12]", async () => {
  const { driveSession, greet, says } = await start({ path: "new" });
  await greet();
  await says({ type: "signal", from: peer.session, stream: 1, seq: 1, data: { kind: "app", body: { undrivable: "sulking" } } });
  expect(driveSession.snapshot().isUndrivable).toBe(false);
  await says({ type: "signal", from: peer.session, stream: 1, seq: 2, data: { kind: "app", body: { undrivable: "driver.none" } } });
  expect(driveSession.snapshot().isUndrivable).toBe(true);
});

test("STOP that is pressed before there is any way goes out with the first, once", async () => {
  const { driveSession, greet, sent, says, clock } = await start();
  driveSession.stop();
  await clock.advance(1_000);
  expect([driveSession.snapshot().stop?.state, sent()]).toEqual(["waiting", []]);
  await greet({ withRobot: false });
  await clock.advance(patience.everyMs);
  expect([driveSession.snapshot().stop?.state, sent()]).toEqual(["sent", ["stop"]]);
  await says({ type: "robot.stopped", by: byOlive, at: clock.now(), reached: true });
  await clock.advance(10_000);
  expect([driveSession.snapshot().stop?.state, sent()]).toEqual(["passed", ["stop"]]);
});

test("STOP that found no way in time does not surprise anyone later", async () => {
  const { driveSession, greet, sent, clock } = await start();
  driveSession.stop();
  await clock.advance(patience.tryMs - 1);
  expect(driveSession.snapshot().stop?.state).toBe("waiting");
  await clock.advance(patience.everyMs);
  expect(driveSession.snapshot().stop?.state).toBe("failed");
  while (driveSession.snapshot().status !== "connecting") await clock.advance(100);
  await greet();
  await clock.advance(1_000);
  expect([driveSession.snapshot().status, sent()]).toEqual(["online", []]);
});

test("STOP goes over the channel too, and is confirmed by the robot", async () => {
  const { driveSession, greet, heard, robotSays, clock } = await start();
  await greet();
  driveSession.stop();
  await clock.advance(0);
  expect(heard).toEqual([{ type: "stop", key: expect.stringMatching(/.+/) }]);
  robotSays({ type: "stopped", reason: "stop", latencyMs: 90, stop: 1 });
  await clock.advance(0);
  expect(driveSession.snapshot().stop).toEqual({ state: "stood", latencyMs: 90 });
});

test("another's request is gone when its time is over, by the server's clock", async () => {
  const { driveSession, greet, says, clock } = await start();
  await greet({ control: held(own as never) });
  await says({ type: "control.requested", from: olive, user, answerBy: clock.now() + limits.control.answerMs });
  await clock.advance(limits.control.answerMs - 1);
  expect(driveSession.snapshot().requests).toHaveLength(1);
  await clock.advance(1);
  expect(driveSession.snapshot().requests).toEqual([]);
});

test("another's request that came while this end was away shows once it is back, and answered it shows no more [D8.4]", async () => {
  const { driveSession, greet, clock } = await start();
  const request = { from: olive, user, answerBy: clock.now() + limits.control.answerMs };
  await greet({ control: held(own as never), requests: [request] });
  expect(driveSession.snapshot().requests).toEqual([request]);
  driveSession.deny(olive);
  expect(driveSession.snapshot().requests).toEqual([]);
});

test("a request shows until it is answered, and cancelled it shows no more", async () => {
  const { driveSession, greet, says } = await start();
  await greet({ control: held(olive) });
  driveSession.request();
  expect(driveSession.snapshot().asking).toBe(true);
  driveSession.cancel();
  expect(driveSession.snapshot().asking).toBe(false);
  driveSession.request();
  await says({ type: "control.denied", actor: { type: "user", ...user }, reason: "not now" });
  expect([driveSession.snapshot().asking, driveSession.snapshot().news]).toMatchObject([false, { type: "denied", reason: "not now" }]);
});

test("a robot that starts afresh has a new peer connection, and no picture of before", async () => {
  const { driveSession, greet, says, made } = await start();
  await greet();
  const track = { kind: "video" } as MediaStreamTrack;
  const receiver = { jitterBufferTarget: null };
  made[0]?.dispatchEvent(Object.assign(new Event("track"), { receiver, track, streams: ["first"] }));
  expect([driveSession.snapshot().picture, receiver.jitterBufferTarget]).toEqual(["first", 0]);
  await says({ type: "peer.online", peer: { ...peer, epoch: 2, instance: InstanceId.parse("instance-2") } });
  expect([made.length, driveSession.snapshot().pc === (made[1] as unknown), driveSession.snapshot().picture]).toEqual([2, true, undefined]);
});

test("of several cameras the chosen one is the picture, and asked for first; the others can be left out [V1, V2]", async () => {
  const { driveSession, greet, made, camerasAre, watched, clock } = await start();
  await greet();
  const receiver = { jitterBufferTarget: null };
  for (const id of ["front", "rear"])
    made[0]?.dispatchEvent(Object.assign(new Event("track"), { receiver, track: { kind: "video" }, streams: [{ id }] }));
  camerasAre([
    { name: "front", state: "live" },
    { name: "rear", state: "failed", says: "Its program ended." },
  ]);
  await clock.advance(0);
  const seen = () => [driveSession.snapshot().picture, driveSession.snapshot().cameras.map(({ name }) => name)];
  expect([seen(), watched]).toEqual([[{ id: "front" }, ["front", "rear"]], []]);
  driveSession.lookThrough("rear");
  driveSession.showOthers(false);
  await clock.advance(0);
  expect(seen()).toEqual([{ id: "rear" }, ["rear", "front"]]);
  expect(watched).toEqual([
    { type: "watch", cameras: ["rear", "front"] },
    { type: "watch", cameras: ["rear"] },
  ]);
});

test("a robot is heard once someone asks for it, and over its next peer connection too [V5, V6]", async () => {
  const { driveSession, greet, says, made, camerasAre, watched, clock } = await start();
  await greet();
  camerasAre([], { microphone: { state: "off" } });
  await clock.advance(0);
  expect([driveSession.snapshot().sound, watched]).toEqual([{ state: "off", stream: undefined }, []]);
  driveSession.hear(true);
  await clock.advance(0);
  await says({ type: "peer.online", peer: { ...peer, epoch: 2, instance: InstanceId.parse("instance-2") } });
  await clock.advance(0);
  expect([made.length, driveSession.snapshot().sound]).toEqual([2, undefined]);
  expect(watched).toEqual([
    { type: "hear", isHeard: true },
    { type: "hear", isHeard: true },
  ]);
});

test("telemetry is told on its own, and a closed drive session leaves no timer", async () => {
  const { driveSession, greet, robotSays, says, clock } = await start();
  await greet();
  let told = 0;
  driveSession.measured(() => {
    told += 1;
  });
  robotSays({ type: "telemetry", telemetry: { battery: 1 } });
  await clock.advance(0);
  expect([told, driveSession.telemetry()]).toEqual([1, { value: { battery: 1 }, at: clock.now() }]);
  const before = clock.pending;
  driveSession.stop();
  await says({ type: "robot.stopped", by: byOlive, at: clock.now(), reached: true });
  await clock.advance(0);
  expect(clock.pending).toBe(before + 1);
  driveSession.close();
  // The robot is asked no more, and its answer is not waited for.
  expect(clock.pending).toBe(before - 2);
});
