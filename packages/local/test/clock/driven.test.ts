import { expect, test } from "vitest";
import { tellDate } from "../../src/clock/date.ts";
import { createDrivenClock } from "../../src/clock/driven.ts";
import { createVirtualClock } from "../../src/clock/virtual.ts";

const idle = async () => {};

test("a driven clock goes with the real one, and can be sent ahead with its timers in order", async () => {
  const real = createVirtualClock({ startAt: 1_000, idle });
  const clock = createDrivenClock({ real, idle });
  const ran: number[] = [];
  for (const ms of [100, 7_200_000, 50]) clock.after(ms, () => ran.push(clock.now()));
  await real.advance(60);
  expect(ran).toEqual([1_050]);
  const now = await clock.ahead(4 * 3_600_000);
  expect(ran).toEqual([1_050, 1_100, 7_201_000]);
  expect(now).toBe(1_050 + 4 * 3_600_000);
  clock.hold();
});

test("a driven clock that is held follows the real one no more, and can be sent ahead all the same", async () => {
  const real = createVirtualClock({ startAt: 1_000, idle });
  let letGo = () => {};
  const busy = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const clock = createDrivenClock({ real, idle: () => busy });
  // It is held while it follows.
  await real.advance(60);
  clock.hold();
  letGo();
  const held = await clock.ahead(0);
  await real.advance(5_000);
  expect([clock.now(), await clock.ahead(200)]).toEqual([held, held + 200]);
});

test("libraries that ask Date are told the clock's time, and the real one again after", () => {
  const undo = tellDate({ now: () => 5_000 });
  try {
    expect([Date.now(), new Date().toISOString(), new Date(7).getTime(), new Date() instanceof Date]).toEqual([
      5_000,
      "1970-01-01T00:00:05.000Z",
      7,
      true,
    ]);
    expect(new Date(Date.UTC(2026, 0)).toISOString()).toBe("2026-01-01T00:00:00.000Z");
  } finally {
    undo();
  }
  expect(Date.now()).toBeGreaterThan(5_000);
});
