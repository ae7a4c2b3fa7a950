import { expect, test } from "vitest";
import { deadmanMs, tickMs } from "./bounds.ts";
import { endingsIn, histogram, quantile } from "./stop-latency.ts";

test("whatever fails, a robot that moves is stopped within the dead-man's time and a tick of the last command it obeyed [R5, R6, R7, R9, R22]", () => {
  const endings = endingsIn(2_000);
  const sorted = endings.map(({ ms }) => ms).sort((a, b) => a - b);
  expect(sorted.length).toBeGreaterThan(2_000);
  expect(quantile(sorted, 0.9999)).toBeLessThanOrEqual(deadmanMs + tickMs);
  const reasons = new Set(endings.map(({ reason }) => reason));
  for (const reason of ["blind", "channel.closed", "deadman", "driver.failed", "epoch", "stop"] as const) expect(reasons).toContain(reason);
  expect(histogram(2_000, endings)).toContain("| more | 0 | |");
});

test("the quantile is of those that were measured: the least that the share does not exceed", () => {
  expect([0.5, 0.75, 0.9999, 1].map((share) => quantile([1, 2, 3, 4], share))).toEqual([2, 3, 4, 4]);
});
