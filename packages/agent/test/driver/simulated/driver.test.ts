import { nextTurn } from "@tether/local/clock/real";
import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, test } from "vitest";
import { createSimulated } from "../../../src/driver/simulated/driver.ts";
import { standsWithinMs } from "../../../src/driver/simulated/motion.ts";
import { yard } from "../../../src/driver/simulated/world.ts";

const given = { epoch: 1, ageMs: 0, limit: 1 };
type Told = { pose: { x: number; y: number }; velocity: { linear: number } };

function start() {
  const clock = createVirtualClock({ startAt: 0, idle: nextTurn });
  const driver = createSimulated(clock);
  const told: Told[] = [];
  return { clock, driver, told, listen: () => driver.telemetry((one) => told.push(one as Told)) };
}

test("a stop is over when the robot stands, within the time it declares, and a second one does no harm", async () => {
  const { clock, driver, told, listen } = start();
  driver.command({ linear: 1, angular: 0 }, given);
  await clock.advance(2_000);
  const stood: number[] = [];
  for (let times = 0; times < 2; times += 1) void driver.stop("deadman").then(() => stood.push(clock.now()));
  await clock.advance(1_000);
  expect(stood).toHaveLength(2);
  for (const at of stood) {
    expect(at).toBeGreaterThan(2_000);
    expect(at).toBeLessThanOrEqual(2_000 + standsWithinMs + standsWithinMs / 4);
  }
  listen();
  expect(told[0]?.velocity.linear).toBe(0);
});

test("a robot that stands is stopped at once", async () => {
  const { clock, driver } = start();
  await driver.stop("leaving");
  expect(clock.now()).toBe(0);
});

test("telemetry and pictures come while somebody asks for them, and show that it moves", async () => {
  const { clock, driver, told, listen } = start();
  let frames = 0;
  const ends = [listen(), driver.video?.(() => frames++)];
  driver.command({ linear: 0.5, angular: 0.2 }, given);
  await clock.advance(2_000);
  expect([told.length, frames]).toEqual([11, 31]);
  expect(told[0]?.pose).toEqual(yard.start);
  expect(told.at(-1)?.pose.x).toBeGreaterThan(yard.start.x + 0.5);
  for (const end of ends) end?.();
  await clock.advance(10_000);
  expect([told.length, frames]).toEqual([11, 31]);
});

test.each([[{}], ["forward"], [{ linear: "1", angular: 0 }], [undefined]])("%j is no command of its, and is refused", (command) => {
  expect(() => start().driver.command(command, given)).toThrow();
});
