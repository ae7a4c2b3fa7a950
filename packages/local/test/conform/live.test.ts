import { describe, expect, test } from "vitest";
import { stillOf } from "../../src/conform/live/operator.ts";
import { createPresses } from "../../src/conform/live/presses.ts";

describe("a run at a robot that others may stop", () => {
  const key = "once-conformance-1";

  test("takes a stop for its own that a press of its own was good for, and no further one [R16]", () => {
    const presses = createPresses();
    presses.pressed("cse_1", "control", key);
    presses.pressed("cse_1", "events", key);
    expect(presses.stopped(7)).toBe(false);
    expect(presses.inForce()).toBe(7);
    expect(presses.stopped(7)).toBe(false);
    expect(presses.stopped(8)).toBe(true);
    expect(presses.inForce()).toBeUndefined();
  });

  test("takes a press by one way twice, by another session, and without a key for one each [R16, R17]", () => {
    const presses = createPresses();
    presses.pressed("cse_1", "events", key);
    presses.pressed("cse_1", "events", key);
    presses.pressed("cse_2", "control", key);
    presses.pressed("cse_1", "frame", undefined);
    expect([1, 2, 3, 4, 5].map((number) => presses.stopped(number))).toEqual([false, false, false, false, true]);
  });

  test("takes a stop for somebody's where two numbers came of one press, and where a stop was in force before", () => {
    const presses = createPresses();
    expect(presses.stopped(3)).toBe(true);
    presses.pressed("cse_1", "events", key);
    expect(presses.stopped(5)).toBe(true);
    expect(presses.inForce()).toBeUndefined();
  });

  test("lets a press that was lost be good for nothing once it resumed", () => {
    const presses = createPresses();
    presses.pressed("cse_1", "events", key);
    presses.pressed("cse_1", "control", undefined);
    expect(presses.stopped(1)).toBe(false);
    presses.resumed();
    expect(presses.stopped(2)).toBe(true);
  });
});

test("its commands have every declared speed at 0, and name no place to go to [R36]", () => {
  const axis = { unit: "m/s", least: -1, most: 1 } as const;
  const axes = [
    { ...axis, name: "x" },
    { ...axis, name: "lift", unit: "m", by: "position" as const },
  ];
  expect(stillOf({ kind: "arm", axes, buttons: [], telemetry: [] })).toEqual({ x: 0 });
  expect(stillOf(undefined)).toEqual({ linear: 0, angular: 0 });
});
