import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ageMs, best, isAhead, keep, type Sample, sample } from "../../src/control/samples.ts";

const ms = (max: number) => fc.double({ min: 0, max, noNaN: true });

test("the age of a command is off by half of the shortest round trip at most, however unequal the ways are [R4.3]", () => {
  const way = fc.record({ there: ms(2_000), back: ms(2_000) });
  const property = fc.property(
    fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    fc.array(way, { minLength: 1, maxLength: 8 }),
    ms(500),
    (offset, ways, old) => {
      let samples: readonly Sample[] = [];
      let now = 1e6;
      for (const { there, back } of ways) {
        const [t0, t1] = [now, now + there + offset];
        now += there + back;
        samples = keep(samples, sample(t0, t1, now));
      }
      const shortest = Math.min(...ways.map(({ there, back }) => there + back));
      const measured = best(samples, now);
      if (!measured) throw new Error("All samples are fresh.");
      const age = ageMs(measured, now - old + offset, now);
      expect(Math.abs(age - old)).toBeLessThanOrEqual(shortest / 2 + 1e-3);
      expect(isAhead(age, measured)).toBe(false);
      expect(isAhead(ageMs(measured, now + shortest + 41 + offset, now), measured)).toBe(true);
    },
  );
  fc.assert(property, { numRuns: 1_000 });
});

test("a sample is good for 30 s, and only the last eight are looked at [R4.3]", () => {
  const one = sample(0, 0, 10);
  expect([best([one], 30_010), best([one], 30_011)]).toEqual([one, undefined]);
  const slower = Array.from({ length: 8 }, (_, n) => sample(n, 0, n + 20));
  expect(slower.reduce(keep, [one])).toEqual(slower);
});
