import { StopReason } from "@tether/protocol/control";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { run } from "./schedule.ts";

/** All that a schedule can come to. */
const everything = [
  ...["armed", "driving", "ended", "idle", "stopping"],
  ...StopReason.options.map((reason) => `stopped: ${reason}`),
  ...["blind", "clock", "epoch", "late", "seq", "stopped"].map((reason) => `dropped: ${reason}`),
  ...["epoch.old", "permit.invalid", "permit.over", "robot.other", "session.other", "signalling.away"].map(
    (reason) => `refused: ${reason}`,
  ),
];

test("in any schedule the robot obeys one holder an epoch, never an old one, and stops in time [R1, R2, R4, R5, R6, R7, R16, R22, R23]", () => {
  const total = { commands: 0, stops: 0, driven: 0 };
  const all = new Set<string>();
  const property = fc.property(fc.array(fc.nat(2 ** 31 - 1), { minLength: 5, maxLength: 30 }), (numbers) => {
    const { commands, stops, seen } = run(numbers);
    total.commands += commands;
    total.stops += stops;
    if (commands > 0) total.driven += 1;
    for (const one of seen) all.add(one);
  });
  fc.assert(property, { numRuns: 10_000 });
  // Schedules in which nothing happens would show nothing.
  expect([...all].sort()).toEqual(everything.sort());
  expect(total.driven).toBeGreaterThan(6_000);
  expect(total.commands).toBeGreaterThan(100_000);
  expect(total.stops).toBeGreaterThan(20_000);
});
