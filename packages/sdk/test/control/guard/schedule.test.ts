import * as fc from "fast-check";
import { expect, test } from "vitest";
import { run } from "./schedule.ts";

test("in any schedule the robot obeys one holder an epoch, never an old one, and stops in time [R1, R2, R4, R5, R6, R7]", () => {
  const total = { commands: 0, stops: 0, driven: 0 };
  const states = new Set<string>();
  const property = fc.property(fc.array(fc.nat(2 ** 31 - 1), { minLength: 5, maxLength: 30 }), (numbers) => {
    const { commands, stops, states: seen } = run(numbers);
    total.commands += commands;
    total.stops += stops;
    if (commands > 0) total.driven += 1;
    for (const state of seen) states.add(state);
  });
  fc.assert(property, { numRuns: 10_000 });
  expect([...states].sort()).toEqual(["armed", "driving", "idle", "stopping"]);
  // Schedules in which nothing happens would show nothing.
  expect(total.driven).toBeGreaterThan(5_000);
  expect(total.commands).toBeGreaterThan(25_000);
  expect(total.stops).toBeGreaterThan(10_000);
}, 60_000);
