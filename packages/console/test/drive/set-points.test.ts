import type { Axis } from "@tether/sdk/client";
import { describe, expect, test } from "vitest";
import { axesCommand, axesWords } from "../../src/drive/axes.ts";
import { intentOf } from "../../src/drive/input/input.ts";
import { createSetPoints } from "../../src/drive/set-points.ts";

const axes: readonly Axis[] = [
  { name: "drive", unit: "m/s", least: -1, most: 1 },
  { name: "pan", unit: "°", least: -100, most: 100, by: "position" },
  { name: "lift", unit: "m", least: 0.5, most: 1.5, by: "position" },
];

/** The set points of a camera that drives, is turned and is lifted; `measured` is where the robot says that it is. */
function set(measured: Record<string, number> = {}) {
  const points = createSetPoints(axes, (axis) => measured[axis]);
  let now = 1_000;
  /** Sends an intent for so long, 20 times a second. */
  const send = (wishes: readonly number[], ms: number, share = 100) => {
    for (const end = now + ms; now < end; now += 50) points.advance(intentOf(wishes), share, now);
    return points.command();
  };
  const later = (ms: number) => {
    now += ms;
  };
  return { points, measured, send, later };
}

describe("an axis by position", () => {
  test("goes on from where it is while a key or a stick is held, at the share of the speed, and is in no command afterwards", () => {
    const { send, measured, points } = set({ pan: 20 });
    // From end to end in 4 s: 5 degrees in 100 ms.
    expect(send([0, 1], 200).pan).toBeCloseTo(20 + 7.5);
    expect(send([0, -0.5], 100, 50).pan).toBeCloseTo(27.5 - 1.25);
    expect(send([1, 0], 50)).toEqual({});
    // Another hold begins where it came to, not where it was to go.
    measured.pan = -40;
    points.advance(intentOf([0, 1]), 100, 0);
    expect(points.command().pan).toBe(-40);
  });

  test("ends at its bounds, and one that tells nothing of itself begins at what is nearest to 0", () => {
    const { send } = set();
    expect(send([0, 1, 1], 10_000)).toEqual({ pan: 100, lift: 1.5 });
    expect(set().send([0, 0, -1], 50)).toEqual({ lift: 0.5 });
  });

  test("does not leap where the page stood still", () => {
    const { send, later } = set({ pan: 0 });
    send([0, 1], 50);
    later(5_000);
    expect(send([0, 1], 50).pan).toBeLessThanOrEqual(5);
  });

  test("goes where its slider stands while that is held, whatever keys want", () => {
    const { points, send } = set({ pan: 10 });
    points.set("pan", 60);
    expect(points.command()).toEqual({});
    points.hold("pan");
    expect(points.command()).toEqual({ pan: 10 });
    points.set("pan", 1_000);
    points.set("pan", Number.NaN);
    expect(send([1, -1], 100)).toEqual({ pan: 100 });
    expect(points.isHeld).toBe(true);
    points.releaseAll();
    expect([points.command(), points.isHeld]).toEqual([{}, false]);
    expect(axes[1] && points.shown(axes[1])).toBe(10);
  });

  test("is no speed", () => {
    expect(axesCommand(axes, intentOf([1, 1, 1]), 50, undefined)).toEqual({ drive: 0.5 });
    expect(axesWords(axes, 50, undefined)).toBe("Drive 0.50 m/s");
    expect(axesWords(axes.slice(1), 50, undefined)).toBe("50 % of its speed");
  });
});
