import { describe, expect, test } from "vitest";
import { blindTimeOf, limitSpeed } from "../../../src/control/guard/blind-time.ts";
import type { Bounds } from "../../../src/control/guard/state.ts";
import { armed, driving } from "../rig.ts";
import { dice } from "./dice.ts";

const go = { linear: 1, angular: -0.5 };
const free: Bounds = { blindMs: 200, stopMs: 1_000, maxLinear: null, maxAngular: null };

/** A rig whose operator drives by the SDK; the robot tells of a picture every 33 ms, and each comes to its screen `downMs()` later. */
async function watching(ways: { down: () => number; up: () => number }, policy: object = {}) {
  let isOpen = false;
  const rig = await driving({ policy, delayMs: () => (isOpen ? ways.up() : 0) });
  const { clock, operator } = rig;
  isOpen = true;
  /** The picture on the screen: how long it took to come, and since when it is there. */
  let screen: { readonly rtp: number; readonly downMs: number; readonly shownAt: number } | undefined;
  let isFrozen = false;
  let count = 0;

  function take(): void {
    count += 1;
    // RTP timestamps begin anywhere and go round.
    const rtp = (4_294_900_000 + count * 33 * 90) % 2 ** 32;
    if (count % 30 === 1) rig.guard.picture({ stream: "front", rtp, ageMs: 0 });
    const downMs = ways.down();
    if (!isFrozen) clock.after(downMs, () => (screen = { rtp, downMs, shownAt: clock.now() }));
    clock.after(33, take);
  }
  take();

  /** The truth of a command that is sent now and takes `upMs`. */
  const truth = (upMs: number) => screen && screen.downMs + (clock.now() - screen.shownAt) + upMs;
  const pictureAt = () => screen && operator.drive.takenAt({ stream: "front", rtp: screen.rtp });
  return { ...rig, truth, pictureAt, freeze: () => (isFrozen = true) };
}

describe("the blind time", () => {
  test("is what passed since the picture was taken, on any path of 50 to 900 ms each way: the limit is within 5 % of the truth [R22, R23]", async () => {
    const { begin, below } = dice();
    begin(2026);
    let [downMs, upMs] = [50, 50];
    const wide = { maxAgeMs: 2_000, deadmanMs: 1_000, stopMs: 5_000 };
    const rig = await watching({ down: () => downMs, up: () => upMs }, wide);
    const { clock, operator, obeyed } = rig;
    let [judged, limited] = [0, 0];
    for (let step = 0; step < 1_000; step += 1) {
      [downMs, upMs] = [50 + below(851), 50 + below(851)];
      await clock.advance(1_000 + below(400));
      const blindMs = rig.truth(upMs);
      const pictureAt = rig.pictureAt();
      // A jump of the path may look like a robot that is silent for a second: nothing is sent then. R31
      if (blindMs === undefined || pictureAt === undefined || !operator.drive.canDrive) continue;
      const before = obeyed.length;
      expect(operator.drive.command(go, { pictureAt })).toBeUndefined();
      await clock.advance(upMs);
      expect(obeyed.length).toBe(before + 1);
      const should = Math.min(1, 200 / blindMs);
      expect(Math.abs((obeyed.at(-1)?.limit ?? 0) - should)).toBeLessThanOrEqual(should * 0.05);
      judged += 1;
      if (should < 1) limited += 1;
    }
    expect(judged).toBeGreaterThan(950);
    expect(limited).toBeGreaterThan(900);
  });

  test("of a frozen picture with commands flowing limits within 250 ms and stops within 1.2 s; nothing moves after it [R22, R23]", async () => {
    const rig = await watching({ down: () => 40, up: () => 20 });
    const { clock, operator, deeds, obeyed } = rig;
    const run = async (ms: number) => {
      for (let at = 0; at < ms; at += 20) {
        operator.drive.command(go, { pictureAt: rig.pictureAt() });
        await clock.advance(20);
      }
    };
    await run(1_000);
    expect(obeyed.at(-1)?.limit).toBe(1);
    rig.freeze();
    const frozenAt = rig.since();
    const before = obeyed.length;
    await run(250);
    expect(obeyed.slice(before).some(({ limit }) => limit < 1)).toBe(true);
    await run(950);
    const stop = deeds.find(({ did }) => did === "stop");
    expect(stop).toMatchObject({ reason: "blind" });
    expect((stop?.at ?? 0) - frozenAt).toBeLessThanOrEqual(1_200);
    const limits = obeyed.slice(before).map(({ limit }) => limit);
    expect(limits.toSorted((a, b) => b - a)).toEqual(limits);
    const moved = obeyed.length;
    await run(5_000);
    expect(obeyed.length).toBe(moved);
    expect(rig.guard.moving).toBe(false);
    expect(operator.of("stopped")).toMatchObject([{ reason: "blind" }]);
  });
});

describe("a command at a robot that tells of its pictures", () => {
  const at = (rig: Awaited<ReturnType<typeof armed>>, agoMs: number | undefined) =>
    agoMs === undefined ? {} : { pictureAt: rig.clock.now() - agoMs };

  test.each([
    ["200 ms ago", 200, 1],
    ["250 ms ago", 250, 0.8],
    ["800 ms ago", 800, 0.25],
  ])("by a picture of %s is given its share of the speed [R22, R23]", async (_, agoMs, limit) => {
    const rig = await armed();
    rig.guard.picture({ stream: "front", rtp: 0, ageMs: 0 });
    rig.operator.command(go, at(rig, agoMs));
    await rig.clock.advance(0);
    expect(rig.obeyed).toMatchObject([{ limit, blindMs: agoMs }]);
    expect(rig.take()).toMatchObject([{ command: { linear: limit, angular: -0.5 * limit } }]);
  });

  test.each([
    ["of none", undefined],
    ["of one from the future", -1],
    ["of one that is too old", 1_000],
  ])("%s is not obeyed, and stops a robot that moves until one with a newer picture comes [R22]", async (_, agoMs) => {
    const rig = await armed();
    const { clock, operator, take, guard } = rig;
    guard.picture({ stream: "front", mark: 1, ageMs: 0 });
    operator.command("no", at(rig, agoMs));
    operator.command("first", at(rig, 0));
    await clock.advance(10);
    operator.command("second", at(rig, agoMs));
    await clock.advance(10);
    expect(take()).toMatchObject([{ command: "first" }, { did: "stop", reason: "blind" }, { did: "stood" }]);
    operator.command("third", at(rig, 0));
    await clock.advance(0);
    expect(take()).toMatchObject([{ command: "third" }]);
  });

  test("moves the robot no longer than until its picture is too old, whatever the dead-man allows [R22]", async () => {
    const rig = await armed({ policy: { deadmanMs: 1_000 } });
    const { clock, operator, take, guard } = rig;
    guard.picture({ stream: "front", mark: 1, ageMs: 0 });
    operator.command(go, at(rig, 913));
    await clock.advance(86);
    expect(guard.moving).toBe(true);
    await clock.advance(1);
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "blind" }, { did: "stood" }]);
  });

  test("is as it was sent for a driver that obeys the limit itself, but for the highest speeds [R23, R24]", async () => {
    const rig = await armed({ limits: true, policy: { maxLinear: 0.5 } });
    rig.guard.picture({ stream: "front", mark: 1, ageMs: 0 });
    rig.operator.command({ linear: 1, angular: 0.2, lamp: true }, at(rig, 400));
    await rig.clock.advance(0);
    expect(rig.take()).toMatchObject([{ command: { linear: 0.5, angular: 0.1, lamp: true } }]);
    expect(rig.obeyed).toMatchObject([{ limit: 0.5 }]);
  });

  test("is not judged by pictures where the policy says so, nor where the robot never told of one [R22]", async () => {
    const off = await armed({ policy: { blindMs: null } });
    off.guard.picture({ stream: "front", mark: 1, ageMs: 0 });
    const none = await armed();
    for (const { operator, clock, obeyed } of [off, none]) {
      operator.command(go);
      await clock.advance(0);
      expect(obeyed).toMatchObject([{ limit: 1 }]);
    }
  });
});

test.each([
  [{ linear: 2, angular: 1 }, { maxLinear: 1 }, 1, { linear: 1, angular: 0.5 }],
  [{ linear: -2, angular: 1 }, { maxLinear: 1, maxAngular: 0.25 }, 1, { linear: -0.5, angular: 0.25 }],
  [{ linear: 1 }, { maxLinear: 1 }, 0.5, { linear: 0.5 }],
  [{ linear: Number.POSITIVE_INFINITY, angular: 1 }, { maxLinear: 1 }, 1, { linear: 0, angular: 1 }],
  [{ linear: "fast", angular: 4, arm: [1] }, { maxAngular: 2 }, 0.5, { linear: 0, angular: 1, arm: [1] }],
  [{ linear: "9", angular: true }, { maxLinear: 1 }, 1, { linear: 0, angular: 0 }],
  [{ linear: { x: 9 }, angular: null }, { maxLinear: 1 }, 1, { linear: 0, angular: 0 }],
  [{ linear: 0, angular: 1 }, { maxLinear: 0 }, 1, { linear: 0, angular: 1 }],
  ["up", { maxLinear: 1 }, 0.5, "up"],
  [[1, 2], { maxLinear: 1 }, 0.5, [1, 2]],
  [null, { maxLinear: 1 }, 0.5, null],
])("of %j, bounded by %j and limited to %d, the driver gets %j [R23, R24]", (command, bounds, limit, becomes) => {
  expect(limitSpeed(command, { ...free, ...bounds }, limit)).toEqual(becomes);
});

test("a picture of any age that is not too old limits nothing where no blind time is set [R23]", () => {
  expect(blindTimeOf({ ...free, blindMs: null }, 100, 900)).toEqual({ blindMs: 800, limit: 1, pictureAt: 100 });
});
