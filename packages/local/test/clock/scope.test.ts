import { expect, it } from "vitest";
import { createScopedClock } from "../../src/clock/scope.ts";
import { createVirtualClock } from "../../src/clock/virtual.ts";

it("ends its own timers together, sets no new ones, and leaves others alone", async () => {
  const clock = createVirtualClock({ startAt: 0, idle: async () => {} });
  const scope = createScopedClock(clock);
  const ran: string[] = [];
  scope.after(1, () => ran.push("before the end"));
  scope.after(2, () => ran.push("cancelled alone"))();
  scope.after(5, () => ran.push("ended"));
  clock.after(5, () => ran.push("another's"));
  await clock.advance(2);
  scope.cancelAll();
  scope.after(1, () => ran.push("too late"));
  await clock.advance(10);
  expect(ran).toEqual(["before the end", "another's"]);
});
