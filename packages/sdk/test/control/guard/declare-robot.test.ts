import { expect, expectTypeOf, test } from "vitest";
import { type CommandOf, declareRobot } from "../../../src/control/guard/declare-robot.ts";

const none = { kind: "none", axes: [], buttons: [], telemetry: [] } as const;

test("a declaration knows the names of its axes, and one that is none is refused by its field [R35]", () => {
  const arm = declareRobot({ ...none, axes: [{ name: "elbow", unit: "rad/s", least: -1, most: 1 }] });
  expectTypeOf<CommandOf<typeof arm>>().toEqualTypeOf<{ readonly elbow: number }>();
  expect(arm.axes[0]?.name).toBe("elbow");
  const lift = declareRobot({ ...none, axes: [...arm.axes, { name: "lift", unit: "m", least: 0, most: 1, by: "position" }] });
  expectTypeOf<CommandOf<typeof lift>>().toEqualTypeOf<{ readonly elbow: number; readonly lift: number | undefined }>();
  expect(() => declareRobot({ ...none, axes: [{ name: "elbow", unit: "rad/s", least: 0.1, most: 1 }] })).toThrow("axes.0.least");
  const both = { ...none, axes: [{ name: "elbow", unit: "rad/s", least: 0.1, most: -1 }] };
  expect(() => declareRobot(both)).toThrow("see axes.0.least, axes.0.most.");
});
