import { expect, test } from "vitest";
import { learnSilence } from "../../src/connection/path-silence.ts";
import { createVirtualClock } from "../virtual-clock.ts";

const usual = 240_000;
const second = 1_000;

test.each([
  ["one cut", [60], usual],
  ["two cuts after the same silence", [60, 60], 42 * second],
  ["two cuts after nearly the same silence", [60, 54], 37.8 * second],
  ["two cuts after different silences", [60, 53], usual],
  ["two cuts after a silence that no proxy cuts at", [14.9, 14.9], usual],
  ["two cuts after the shortest silence that one does", [15, 15], 10.5 * second],
  ["another cut between them", [60, 5, 60], usual],
  ["a silence longer than the keepalive's", [400, 400], usual],
] as const)("%s, of %j s, leaves a keepalive every so many ms: %d [E12]", (_, silences, everyMs) => {
  const path = learnSilence(createVirtualClock());
  for (const silence of silences) path.cut(silence * second);
  expect(path.within(usual)).toBeCloseTo(everyMs);
});

test("what was learned counts for a day after it last showed [E12]", () => {
  const clock = createVirtualClock();
  const path = learnSilence(clock);
  for (let n = 0; n < 2; n += 1) path.cut(60 * second);
  clock.sleep(24 * 3_600_000);
  expect(path.within(usual)).toBe(42 * second);
  clock.sleep(1);
  expect(path.within(usual)).toBe(usual);
});
