import { defaultPolicy } from "@tether/protocol/control";
import { InstanceId, RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { attach } from "@tether/sdk/client";
import { expect, test } from "vitest";
import { answer, session as own, welcome } from "../../../sdk/test/connection/example.ts";
import { createPipes } from "../../../sdk/test/control/pipe.ts";
import { createService } from "../../../sdk/test/service.ts";
import { settled } from "../../../sdk/test/virtual-clock.ts";
import { createWorld } from "../../../sdk/test/world.ts";
import { createCockpit } from "../../src/drive/cockpit.ts";
import { patience } from "../../src/drive/stop.ts";
import { held, olive, peer, user } from "./examples.ts";

const robot = RobotId.parse("rob_01J00000000000000000000000");

/** A cockpit on a clock that stands still, whose broker and robot are the test. */
async function start() {
  const service = createService();
  const world = createWorld({ fetch: service.fetch });
  const { clock } = world;
  for (let n = 1; n < 9; n += 1) service.gives(answer(n, clock.now()));
  const session = attach({ api: "https://api.example", robot, token: async () => "token", platform: world.platform });
  const pipes = createPipes(clock);
  const heard: { type: string }[] = [];
  pipes.robot.events.onmessage = ({ data }) => heard.push(JSON.parse(String(data)));
  const made: EventTarget[] = [];
  const connect = () => {
    const channels = { "tether.control": pipes.operator.control, "tether.events": pipes.operator.events };
    const pc = Object.assign(new EventTarget(), {
      connectionState: "connected",
      createDataChannel: (label: keyof typeof channels) => channels[label],
      close() {},
    });
    made.push(pc);
    return pc as unknown as RTCPeerConnection;
  };
  const cockpit = createCockpit({ session, clock, connect });
  await settled();
  const peers = [{ ...peer, instance: InstanceId.parse("instance-1") }];
  return {
    clock,
    cockpit,
    heard,
    made,
    says: world.last().says,
    sent: () =>
      world
        .last()
        .sent.map(({ type }) => type)
        .filter((type) => type === "stop"),
    robotSays: (message: object) => pipes.robot.events.send(JSON.stringify(message)),
    async greet({ control = held(), withRobot = true } = {}) {
      await world.last().opens();
      const said = { ...welcome({ at: clock.now() }), control: { control, policy: defaultPolicy } };
      await world.last().says({ ...said, peers: withRobot ? peers : [] });
    },
  };
}

test("STOP that is pressed before there is any way goes out with the first, once", async () => {
  const { cockpit, greet, sent, clock } = await start();
  cockpit.stop();
  await clock.advance(1_000);
  expect([cockpit.view().stop?.state, sent()]).toEqual(["waiting", []]);
  await greet({ withRobot: false });
  await clock.advance(patience.everyMs);
  expect([cockpit.view().stop?.state, sent()]).toEqual(["sent", ["stop"]]);
  await clock.advance(10_000);
  expect([cockpit.view().stop?.state, sent()]).toEqual(["passed", ["stop"]]);
});

test("STOP that found no way in time does not surprise anyone later", async () => {
  const { cockpit, greet, sent, clock } = await start();
  cockpit.stop();
  await clock.advance(patience.tryMs - 1);
  expect(cockpit.view().stop?.state).toBe("waiting");
  await clock.advance(patience.everyMs);
  expect(cockpit.view().stop?.state).toBe("failed");
  while (cockpit.view().status !== "connecting") await clock.advance(100);
  await greet();
  await clock.advance(1_000);
  expect([cockpit.view().status, sent()]).toEqual(["online", []]);
});

test("STOP goes over the channel too, and is confirmed by the robot", async () => {
  const { cockpit, greet, heard, robotSays, clock } = await start();
  await greet();
  cockpit.stop();
  await clock.advance(0);
  expect(heard).toEqual([{ type: "stop", key: expect.stringMatching(/.+/) }]);
  robotSays({ type: "stopped", reason: "stop", latencyMs: 90, stop: 1 });
  await clock.advance(0);
  expect(cockpit.view().stop).toEqual({ state: "stood", latencyMs: 90 });
});

test("another's request is gone when its time is over, by the server's clock", async () => {
  const { cockpit, greet, says, clock } = await start();
  await greet({ control: held(own as never) });
  await says({ type: "control.requested", from: olive, user, answerBy: clock.now() + limits.control.answerMs });
  await clock.advance(limits.control.answerMs - 1);
  expect(cockpit.view().requests).toHaveLength(1);
  await clock.advance(1);
  expect(cockpit.view().requests).toEqual([]);
});

test("a request shows until it is answered, and cancelled it shows no more", async () => {
  const { cockpit, greet, says } = await start();
  await greet({ control: held(olive) });
  cockpit.request();
  expect(cockpit.view().asking).toBe(true);
  cockpit.cancel();
  expect(cockpit.view().asking).toBe(false);
  cockpit.request();
  await says({ type: "control.denied", actor: { type: "user", ...user }, reason: "not now" });
  expect([cockpit.view().asking, cockpit.view().news]).toMatchObject([false, { type: "denied", reason: "not now" }]);
});

test("a robot that starts afresh has a new peer connection, and no picture of before", async () => {
  const { cockpit, greet, says, made } = await start();
  await greet();
  const track = { kind: "video" } as MediaStreamTrack;
  const receiver = { jitterBufferTarget: null };
  made[0]?.dispatchEvent(Object.assign(new Event("track"), { receiver, track, streams: ["first"] }));
  expect([cockpit.view().picture, receiver.jitterBufferTarget]).toEqual(["first", 0]);
  await says({ type: "peer.online", peer: { ...peer, epoch: 2, instance: InstanceId.parse("instance-2") } });
  expect([made.length, cockpit.view().pc === (made[1] as unknown), cockpit.view().picture]).toEqual([2, true, undefined]);
});

test("telemetry is told on its own, and a closed cockpit leaves no timer", async () => {
  const { cockpit, greet, robotSays, clock } = await start();
  await greet();
  let told = 0;
  cockpit.measured(() => {
    told += 1;
  });
  robotSays({ type: "telemetry", telemetry: { battery: 1 } });
  await clock.advance(0);
  expect([told, cockpit.telemetry()]).toEqual([1, { value: { battery: 1 }, at: clock.now() }]);
  const before = clock.pending;
  cockpit.stop();
  await clock.advance(0);
  expect(clock.pending).toBe(before + 1);
  cockpit.close();
  // The robot is asked no more, and its answer is not waited for.
  expect(clock.pending).toBe(before - 2);
});
