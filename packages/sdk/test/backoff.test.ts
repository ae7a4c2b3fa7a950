import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { waitMs } from "../src/backoff.ts";

describe("backoff", () => {
  test.each([
    [0, 500],
    [1, 1_000],
    [4, 8_000],
    [5, 15_000],
    [6, 15_000],
    [5_000, 15_000],
  ])("draws the wait of attempt %i uniformly from zero to %i ms [E2]", (attempt, bound) => {
    expect(waitMs(attempt, 0)).toBe(0);
    expect(waitMs(attempt, 0.25)).toBe(bound / 4);
    expect(waitMs(attempt, 0.999)).toBe(bound * 0.999);
  });

  test("never waits longer than 15 s unless the service asked for more [E2]", () => {
    const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.nat(), fraction, (attempt, drawn) => {
        const wait = waitMs(attempt, drawn);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThan(15_000);
        expect(waitMs(attempt, drawn, 60_000)).toBeLessThan(60_000);
      }),
      { numRuns: 1_000 },
    );
  });
});
