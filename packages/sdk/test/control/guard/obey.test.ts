import { describe, expect, test } from "vitest";
import { ada, armed, bob, createRig } from "../rig.ts";

const go = { linear: 1 };

describe("a command", () => {
  test.each([
    ["of another epoch", { epoch: 7 }, "epoch"],
    ["not above the last", { seq: 1 }, "seq"],
    ["older than allowed", { sentAt: -501 }, "late"],
    ["of an operator's clock that was set ahead", { sentAt: 60_000 }, "clock"],
  ])("%s is not obeyed, and counted [R4.1, R4.2]", async (_, part, why) => {
    const { clock, operator, take } = await armed();
    operator.command("first");
    await clock.advance(0);
    const at = clock.now();
    operator.command("second", "sentAt" in part ? { sentAt: at + part.sentAt } : part);
    await clock.advance(1_100);
    expect(take()).toMatchObject([{ command: "first" }, { did: "stop" }, { did: "stood" }]);
    operator.command("third");
    await clock.advance(1_000);
    expect(operator.last("state") ?? { dropped: {} }).toMatchObject({ dropped: { [why]: 1 } });
  });

  test("just within its age is obeyed [R4.2]", async () => {
    const { clock, operator, obeyed } = await armed();
    operator.command(go, { sentAt: clock.now() - 500 });
    await clock.advance(0);
    expect(obeyed).toEqual([{ epoch: 1, seq: 1, ageMs: 500, limit: 1 }]);
  });

  test("is not obeyed before the operator's clock is known, nor by a clock the robot did not ask for [R4.4]", async () => {
    const rig = createRig();
    rig.change(ada);
    rig.welcomeRobot();
    const operator = rig.speak(ada, { answers: false });
    await operator.show();
    operator.say({ type: "clock", t0: rig.clock.now() - 50, t1: rig.clock.now() });
    operator.command(go);
    await rig.clock.advance(10);
    expect(rig.deeds).toEqual([]);
    operator.say({ type: "clock", t0: operator.last("clock")?.t0 ?? 0, t1: rig.clock.now() });
    operator.command(go);
    await rig.clock.advance(0);
    expect(rig.deeds).toMatchObject([{ did: "command" }]);
  });

  test("has its age measured whatever the two clocks say [R4.2, R4.3]", async () => {
    let delayMs = 0;
    const rig = createRig({ delayMs: () => delayMs });
    rig.change(ada);
    rig.welcomeRobot();
    const operator = rig.speak(ada, { aheadMs: -123_456_789 });
    await operator.show();
    delayMs = 80;
    operator.command(go);
    await rig.clock.advance(80);
    expect(rig.obeyed).toEqual([{ epoch: 1, seq: 1, ageMs: 80, limit: 1 }]);
  });

  test("on another channel of the holder's is obeyed once the clock is known there, and on the one before no more [R4]", async () => {
    const { clock, operator, take, speak } = await armed();
    const again = speak(ada, { answers: false });
    await again.show();
    again.command("by a clock that is not known yet");
    await clock.advance(0);
    again.say({ type: "clock", t0: again.last("clock")?.t0 ?? 0, t1: clock.now() });
    operator.command("on the channel before");
    again.command("obeyed");
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command", command: "obeyed" }]);
  });

  test("on another's channel is not obeyed, whatever it says [R4]", async () => {
    const { clock, deeds, speak } = await armed();
    const other = speak(bob);
    other.command(go);
    other.raw("nonsense");
    await clock.advance(0);
    expect(deeds).toEqual([]);
  });

  test("that the driver cannot carry out stops the robot", async () => {
    const { clock, operator, take } = await armed({
      onCommand: (command) => {
        if (command === "bad") throw new Error("bad");
      },
    });
    operator.command("bad");
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "stop", reason: "driver.failed" }, { did: "stood" }]);
    operator.command("good");
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command", command: "good" }]);
  });
});

describe("the dead-man", () => {
  test("stops the robot once when no valid command comes in time, and the next one moves it again [R5]", async () => {
    const { clock, operator, take } = await armed();
    operator.command(go);
    await clock.advance(499);
    operator.command("late", { sentAt: clock.now() - 501 });
    expect(take()).toHaveLength(1);
    await clock.advance(1);
    expect(take()).toMatchObject([
      { did: "stop", reason: "deadman", at: 600 },
      { did: "stood", reason: "deadman" },
    ]);
    expect(operator.last("stopped")).toEqual({ type: "stopped", reason: "deadman", latencyMs: 0 });
    await clock.advance(10_000);
    operator.command(go);
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command" }]);
  });

  test("stops a robot that slept past its time before it hears another command [R5]", async () => {
    const { clock, operator, take } = await armed();
    operator.command("before");
    await clock.advance(0);
    operator.command("in flight");
    clock.sleep(600);
    await clock.advance(0);
    expect(take().map(({ did }) => did)).toEqual(["command", "stop", "stood"]);
  });
});
