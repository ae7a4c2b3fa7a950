import { nextTurn } from "@tether/local/clock/real";
import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, test } from "vitest";
import { latest } from "../../src/peer/latest.ts";

test("the first value passes at once, then the newest of each while, and none after the end", async () => {
  const clock = createVirtualClock({ startAt: 0, idle: nextTurn });
  const passed: [number, string][] = [];
  const { put, close } = latest<string>(clock, 200, (value) => passed.push([clock.now(), value]));
  for (const value of ["a", "b", "c"]) put(value);
  await clock.advance(199);
  put("d");
  await clock.advance(1_000);
  put("e");
  put("f");
  close();
  await clock.advance(1_000);
  expect(passed).toEqual([
    [0, "a"],
    [200, "d"],
    [1_199, "e"],
  ]);
});
