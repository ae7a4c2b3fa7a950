import { describe, expect, test } from "vitest";
import { armed, bob, createRig } from "../rig.ts";

const go = { linear: 1 };

describe("a stop by order", () => {
  test.each(["viewer's channel", "broker's frame", "robot itself"])(
    "comes by the %s and holds until the holder resumes from it [R7]",
    async (way) => {
      const { clock, operator, take, guard, robotEnd, speak } = await armed();
      operator.command(go);
      await clock.advance(0);
      if (way === "robot itself") guard.stop();
      else if (way === "broker's frame") robotEnd.hear({ type: "stop", by: { type: "user", id: "viewer" }, session: bob });
      else speak(bob).say({ type: "stop" });
      await clock.advance(0);
      operator.command("in flight");
      await clock.advance(0);
      expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "stop" }, { did: "stood" }]);
      expect(operator.last("stopped")).toEqual({ type: "stopped", reason: "stop", latencyMs: 0, stop: 1 });
      operator.say({ type: "resume", epoch: 1, stop: 1, seq: 3 });
      operator.command("still in flight", { seq: 3 });
      operator.command("after", { seq: 4 });
      await clock.advance(0);
      expect(take()).toMatchObject([{ did: "command", command: "after" }]);
      expect(operator.last("accepted")).toEqual({ type: "accepted", epoch: 1, seq: 3 });
    },
  );

  test("is not undone by resuming from an older one, nor by one who does not hold control, nor by a fresh permit [R7]", async () => {
    const { clock, operator, take, guard, speak } = await armed();
    guard.stop();
    guard.stop();
    await clock.advance(0);
    operator.say({ type: "resume", epoch: 1, stop: 1, seq: 0 });
    speak(bob).say({ type: "resume", epoch: 1, stop: 2, seq: 0 });
    await operator.show();
    operator.command(go);
    await clock.advance(0);
    expect(take().filter(({ did }) => did === "command")).toEqual([]);
    expect(operator.last("accepted")).toEqual({ type: "accepted", epoch: 1, seq: 0, stop: 2 });
  });

  test("is carried out with nobody driving, over and over until the driver has done it [R7, R10]", async () => {
    let fails = 3;
    const { clock, take, robotEnd } = createRig({
      stop: async () => {
        fails -= 1;
        if (fails >= 0) throw new Error("not yet");
      },
    });
    robotEnd.hear({ type: "stop", by: { type: "user", id: "viewer" }, session: bob });
    await clock.advance(1_000);
    expect(take().map(({ did, at }) => [did, at])).toEqual([
      ["stop", 0],
      ["stop", 100],
      ["stop", 200],
      ["stop", 300],
      ["stood", 300],
    ]);
  });

  test("tells everyone, with the time it took [R8]", async () => {
    const { promise, resolve: stood } = Promise.withResolvers<void>();
    const rig = await armed({ stop: () => promise });
    const viewer = rig.speak(bob);
    viewer.say({ type: "stop", reason: "a cat" });
    await rig.clock.advance(40);
    stood();
    await rig.clock.advance(0);
    const stopped = { type: "stopped", reason: "stop", latencyMs: 40, stop: 1 };
    expect([viewer.last("stopped"), rig.operator.last("stopped")]).toEqual([stopped, stopped]);
  });
});

test("telemetry does not pile up before a client whose channel is behind, and keeps no stop from it [R13, R8]", async () => {
  const { clock, operator, speak, guard } = await armed();
  const watcher = speak(bob);
  Object.assign(operator.pipes.robot.events, { bufferedAmount: 1 });
  guard.telemetry(1);
  guard.stop();
  await clock.advance(0);
  expect([operator.all("telemetry").length, watcher.all("telemetry").length]).toEqual([0, 1]);
  for (const end of [operator, watcher]) expect(end.last("stopped")).toMatchObject({ reason: "stop" });
  Object.assign(operator.pipes.robot.events, { bufferedAmount: 0 });
  guard.telemetry(2);
  await clock.advance(0);
  expect(operator.all("telemetry")).toEqual([{ type: "telemetry", telemetry: 2 }]);
});
