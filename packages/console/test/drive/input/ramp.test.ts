import { fc, test } from "@fast-check/vitest";
import { expect, test as plain } from "vitest";
import { type Intent, rest } from "../../../src/drive/input/input.ts";
import { ramped } from "../../../src/drive/input/ramp.ts";

const share = fc.double({ min: -1, max: 1, noNaN: true });
const intents = fc.record<Intent>({ linear: share, angular: share });
const any = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY));
const anything = fc.record<Intent>({ linear: any, angular: any });
const axes = ["linear", "angular"] as const;

plain("what is wanted whole comes within 400 ms", () => {
  const all = { linear: 1, angular: -1 };
  expect(ramped(rest, all, 200)).toEqual({ linear: 0.5, angular: -0.5 });
  expect(ramped(rest, all, 399).linear).toBeLessThan(1);
  expect(ramped(rest, all, 400)).toEqual(all);
});

plain("less is at once, and the other way begins at zero", () => {
  expect(ramped({ linear: 1, angular: 0.8 }, { linear: 0.5, angular: 0 }, 0)).toEqual({ linear: 0.5, angular: 0 });
  expect(ramped({ linear: 1, angular: 0 }, { linear: -1, angular: 0 }, 40).linear).toBeCloseTo(-0.1);
});

test.prop([anything, anything, any])("whatever comes in, what is sent is a number from -1 to 1", (sent, wish, ms) => {
  for (const axis of axes) {
    const value = ramped(ramped(rest, sent, 1_000), wish, ms)[axis];
    expect(Number.isFinite(value) && Math.abs(value) <= 1).toBe(true);
  }
});

test.prop([intents, intents, fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 1_000 })])(
  "it nears the wish with time, never away from it and never beyond",
  (sent, wish, one, more) => {
    const [early, late] = [ramped(sent, wish, one), ramped(sent, wish, one + more)];
    for (const axis of axes) {
      const [a, b, to] = [early[axis], late[axis], wish[axis]];
      expect(Math.abs(to - b)).toBeLessThanOrEqual(Math.abs(to - a));
      expect(Math.abs(b)).toBeLessThanOrEqual(Math.abs(to));
      expect(b * to).toBeGreaterThanOrEqual(0);
    }
  },
);

test.prop([intents, intents, fc.integer({ min: 0, max: 1_000 })])("a wish for zero is zero at once", (sent, wish, ms) => {
  expect(ramped(sent, { ...wish, linear: 0 }, ms).linear).toBe(0);
});

plain("a further axis is ramped as the first two are, also down from where it was", () => {
  expect(ramped(rest, { linear: 0, angular: 0, others: [1, -1] }, 200)).toEqual({ linear: 0, angular: 0, others: [0.5, -0.5] });
  expect(ramped({ linear: 0, angular: 0, others: [1] }, rest, 50)).toEqual(rest);
});
