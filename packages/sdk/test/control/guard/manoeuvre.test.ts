import type { StopReason } from "@tether/protocol/control";
import { describe, expect, test } from "vitest";
import type { Manoeuvre } from "../../../src/control/guard/manoeuvre.ts";
import { armed } from "../rig.ts";

const go = { linear: 1 };
const never = () => new Promise<void>(() => {});

/** A robot that moves, whose stages take as long as the test says, and when each began since the last command. */
async function moving(
  takes: { slow?: () => Promise<void>; stop?: () => Promise<void>; safe?: () => Promise<void> },
  declares: object = {},
) {
  const began: [string, number][] = [];
  let from = 0;
  const stage = (name: string, run: () => Promise<void>) => (): Promise<void> => {
    began.push([name, rig.clock.now() - from]);
    return run();
  };
  const { slow, safe } = takes;
  const manoeuvre: Manoeuvre = {
    ...(slow && { slow: { withinMs: 300, run: stage("slow", slow) } }),
    stop: { withinMs: 400 },
    ...(safe && { safe: { withinMs: 500, run: stage("safe", safe) } }),
    ...declares,
  };
  const told: { reason: StopReason; measured: object }[] = [];
  const rig = await armed({
    manoeuvre,
    stop: stage("stop", takes.stop ?? (async () => {})),
    onStop: (reason, measured) => told.push({ reason, measured }),
  });
  rig.operator.command(go);
  await rig.clock.advance(0);
  from = rig.clock.now();
  const after = (ms: number) => new Promise<void>((resolve) => rig.clock.after(ms, resolve));
  return { ...rig, began, told, after };
}

describe("the end of valid control", () => {
  test("runs the stages that are declared in their order, one when the one before is done [R26]", async () => {
    const rig = await moving({ slow: () => rig.after(100), stop: () => rig.after(200), safe: () => rig.after(50) });
    await rig.clock.advance(2_000);
    expect(rig.began).toEqual([
      ["slow", 500],
      ["stop", 600],
      ["safe", 800],
    ]);
    const stages = [
      { stage: "slow", became: "done", tookMs: 100 },
      { stage: "stop", became: "done", tookMs: 200 },
      { stage: "safe", became: "done", tookMs: 50 },
    ];
    expect(rig.operator.last("stopped")).toEqual({ type: "stopped", reason: "deadman", latencyMs: 350, stages });
    expect(rig.told).toEqual([{ reason: "deadman", measured: { latencyMs: 350, stages } }]);
  });

  test("is told to the broker where stages were declared, with when it began [P14, R26]", async () => {
    const rig = await moving({ slow: () => rig.after(100) });
    const beganAt = rig.clock.now() + 500;
    await rig.clock.advance(2_000);
    const told = rig.sent.flatMap((frame) => (frame.type === "report" && frame.manoeuvre ? [frame.manoeuvre] : []));
    const stages = [
      { stage: "slow", became: "done", tookMs: 100 },
      { stage: "stop", became: "done", tookMs: 0 },
    ];
    expect(told).toEqual([{ reason: "deadman", beganAt, latencyMs: 100, stages }]);
    const bare = await moving({}, { stop: undefined });
    await bare.clock.advance(2_000);
    expect(bare.sent.some((frame) => frame.type === "report" && frame.manoeuvre !== undefined)).toBe(false);
  });

  test("brings the next stage where the driver ignores one, or cannot do it, and nothing moves the robot meanwhile [R26]", async () => {
    const failing = () => Promise.reject(new Error("no brakes"));
    const rig = await moving({ slow: never, stop: () => rig.after(700), safe: failing });
    for (let at = 0; at < 1_490; at += 10) {
      await rig.clock.advance(10);
      // Old commands come all the time.
      if (at >= 500) rig.operator.command("old");
    }
    expect(rig.began).toEqual([
      ["slow", 500],
      ["stop", 800],
      ["safe", 1_200],
    ]);
    expect(rig.deeds.filter(({ did }) => did === "command")).toHaveLength(1);
    await rig.clock.advance(100);
    expect(rig.operator.last("stopped")).toMatchObject({
      latencyMs: 1_000,
      stages: [
        { stage: "slow", became: "late", tookMs: 300 },
        { stage: "stop", became: "late", tookMs: 400 },
        { stage: "safe", became: "failed", tookMs: 0 },
      ],
    });
  });

  test("is over only when the robot stands, however safe it made itself [R10, R26]", async () => {
    const rig = await moving({ stop: never, safe: async () => {} });
    await rig.clock.advance(60_000);
    expect(rig.began).toEqual([
      ["stop", 500],
      ["safe", 900],
    ]);
    expect(rig.operator.last("stopped")).toBeUndefined();
    rig.operator.command("new");
    await rig.clock.advance(0);
    expect(rig.deeds.filter(({ did }) => did === "command")).toHaveLength(1);
  });

  test("by order begins with the stop, and an order does not wait for a robot that slows down [R7, R26]", async () => {
    const ordered = await moving({ slow: never });
    ordered.operator.say({ type: "stop" });
    await ordered.clock.advance(0);
    expect(ordered.began).toEqual([["stop", 0]]);
    const during = await moving({ slow: never });
    await during.clock.advance(600);
    during.operator.say({ type: "stop" });
    await during.clock.advance(1_000);
    expect(during.began).toEqual([
      ["slow", 500],
      ["stop", 600],
    ]);
    expect(during.operator.all("stopped")).toMatchObject([{ reason: "stop", stop: 1 }]);
  });

  test("by order while the robot slows down makes it safe once [R7, R26]", async () => {
    const rig = await moving({ slow: never, safe: async () => {} });
    await rig.clock.advance(600);
    rig.operator.say({ type: "stop" });
    await rig.clock.advance(3_000);
    expect(rig.began).toEqual([
      ["slow", 500],
      ["stop", 600],
      ["safe", 600],
    ]);
  });

  test("begins with the stop where the session ends while the robot slows down [R9, R26]", async () => {
    const rig = await moving({ slow: never });
    await rig.clock.advance(600);
    const closed = rig.guard.close();
    await rig.clock.advance(0);
    await closed;
    expect(rig.began).toEqual([
      ["slow", 500],
      ["stop", 600],
    ]);
    expect(rig.operator.last("stopped")).toMatchObject({ reason: "deadman", latencyMs: 100 });
  });

  test("gives the stop 2 s before what comes after it, unless told otherwise [R26]", async () => {
    const rig = await moving({ stop: never, safe: async () => {} }, { stop: undefined });
    await rig.clock.advance(500 + 1_999);
    expect(rig.began).toEqual([["stop", 500]]);
    await rig.clock.advance(1);
    expect(rig.began).toEqual([
      ["stop", 500],
      ["safe", 2_500],
    ]);
  });

  test("is the stop alone where none is declared [R26]", async () => {
    const rig = await moving({}, { stop: undefined });
    await rig.clock.advance(1_000);
    expect(rig.began).toEqual([["stop", 500]]);
    expect(rig.operator.last("stopped")).toEqual({ type: "stopped", reason: "deadman", latencyMs: 0 });
  });
});
