import { expect, test } from "vitest";
import { age, countdown, duration } from "../../src/format/duration.ts";

test.each([
  [0, "a moment"],
  [999, "a moment"],
  [1_000, "1 second"],
  [59_999, "59 seconds"],
  [60_000, "1 minute"],
  [61_000, "1 minute 1 second"],
  [3_599_999, "59 minutes 59 seconds"],
  [3_600_000, "1 hour"],
  [7_500_000, "2 hours 5 minutes"],
  [86_399_999, "23 hours 59 minutes"],
  [86_400_000, "1 day"],
  [180_000_000, "2 days 2 hours"],
])("%i ms reads %s", (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test.each([
  [0, "0:00"],
  [-5_000, "0:00"],
  [1, "0:01"],
  [1_000, "0:01"],
  [1_001, "0:02"],
  [59_001, "1:00"],
  [299_500, "5:00"],
  [3_600_000, "1:00:00"],
  [3_723_000, "1:02:03"],
])("with %i ms left the countdown shows %s", (left, shown) => {
  expect(countdown(1_000_000 + left, 1_000_000)).toBe(shown);
});

test.each([
  [-5, "0.0 s"],
  [449, "0.4 s"],
  [9_999, "10.0 s"],
  [10_000, "10 seconds"],
  [61_000, "1 minute 1 second"],
])("what is %i ms old is %s old", (ms, words) => {
  expect(age(ms)).toBe(words);
});
