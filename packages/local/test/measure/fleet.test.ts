import { expect, test } from "vitest";
import { countFleets } from "../../src/measure/flatness.ts";
import { inLab } from "../../src/measure/lab.ts";
import { costs } from "../../src/measure/price.ts";
import type { Usage } from "../../src/measure/usage.ts";

const [small, large] = [6, 60];

test("ten times as many robots use ten times as much, to the last message, run and write unit", async () => {
  // The large fleet is ten copies of the small one, which jitter alike: what one robot does may not depend on how many others there are.
  const { fleets } = await countFleets(inLab, { sizes: [small, large], kinds: small });
  const [one, ten] = fleets.map(({ usage }) => usage) as [Usage, Usage];
  const { readUnits, logBytes, connectionMinutes, ...exact } = ten;
  const { readUnits: fewReads, logBytes: fewBytes, connectionMinutes: fewMinutes, ...tenth } = one;
  // Minutes are sums of fractions, which round as they are added up.
  expect(connectionMinutes).toBeCloseTo((fewMinutes * large) / small, 6);
  expect(exact).toEqual(Object.fromEntries(Object.entries(tenth).map(([unit, used]) => [unit, (used * large) / small])));
  // The sweeper finds many that are due with one look, and says so in one line; the keys of a round of presence checks cost whole units.
  const reads = readUnits / ((fewReads * large) / small);
  expect(reads).toBeGreaterThan(0.9);
  expect(reads).toBeLessThan(1.1);
  expect(logBytes).toBeLessThanOrEqual((fewBytes * large) / small);
  // Both together are less than a hundredth of the cost.
  const share = costs(ten).total / large / (costs(one).total / small);
  expect(share).toBeLessThan(1.01);
  expect(share).toBeGreaterThan(0.99);
  // Each one handed over twice, and each hand-over came with a new lease: the span is long enough to tell, and nothing is asked twice.
  expect(ten.authorizers).toBeGreaterThanOrEqual(2 * large);
  expect(ten.apis).toBe(ten.authorizers);
});
