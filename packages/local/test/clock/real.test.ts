import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { tellDate } from "../../src/clock/date.ts";
import { realClock } from "../../src/clock/real.ts";

beforeEach(() => void vi.useFakeTimers({ now: 5_000 }));
afterEach(() => void vi.useRealTimers());

it("tells the machine's time, whatever Date is made to tell", () => {
  const before = Date.now();
  const told = realClock.now();
  expect(told).toBeGreaterThanOrEqual(before);
  const undo = tellDate({ now: () => 5_000 });
  const still = realClock.now();
  undo();
  expect(still).toBeGreaterThanOrEqual(told);
});

it("runs once when due, and not when cancelled", () => {
  const ran: string[] = [];
  realClock.after(10, () => ran.push("kept"));
  realClock.after(10, () => ran.push("cancelled"))();
  vi.advanceTimersByTime(9);
  expect(ran).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(ran).toEqual(["kept"]);
});

it("waits longer than the 24.8 days that setTimeout can, and can be cancelled on the way", () => {
  const days = 24 * 60 * 60_000;
  const ran: string[] = [];
  realClock.after(30 * days, () => ran.push("kept"));
  const cancel = realClock.after(30 * days, () => ran.push("cancelled"));
  vi.advanceTimersByTime(26 * days);
  expect(ran).toEqual([]);
  cancel();
  vi.advanceTimersByTime(4 * days);
  expect(ran).toEqual(["kept"]);
});
