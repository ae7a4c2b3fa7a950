import { expect, test } from "vitest";
import { realRequestTime } from "../src/clock/request-time.ts";
import { createVirtualClock } from "../src/clock/virtual.ts";
import { createFaults } from "../src/fault/faults.ts";
import { parseFaults } from "../src/fault/parse.ts";
import { sweepEvery } from "../src/sweeping.ts";

test.each([
  ["", [60, 120, 180]],
  ["sweep=late:90000", [150]],
  ["sweep=doubled", [60, 60, 120, 120, 180, 180]],
  ["sweep=overlapping:20000", [60, 80, 140, 160]],
])("with the faults “%s” the sweeper runs after %j seconds", async (faults, seconds) => {
  const clock = createVirtualClock({ startAt: 0, idle: async () => undefined });
  const ran: number[] = [];
  const sweeping = sweepEvery({
    clock,
    quiet: undefined,
    faults: createFaults({ random: () => 0, faults: parseFaults(faults) }),
    time: realRequestTime(clock),
    sweep: async () => void ran.push(clock.now() / 1_000),
  });
  for (let second = 0; second < 200; second++) await clock.advance(1_000);
  sweeping.stop();
  expect(ran).toEqual(seconds);
});
