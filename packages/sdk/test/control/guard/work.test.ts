import type { StopReason } from "@tether/protocol/control";
import { expect, test } from "vitest";
import { isUrgent, runStages } from "../../../src/control/guard/manoeuvre.ts";
import { pressOf } from "../../../src/control/guard/press.ts";
import { carryOut } from "../../../src/control/guard/work.ts";
import { createVirtualClock, settled } from "../../virtual-clock.ts";
import { ada } from "../rig.ts";

test("a stop that is given up, as the driver could not carry it out, leaves no timer behind [R10]", async () => {
  const clock = createVirtualClock();
  let tried = 0;
  const work = carryOut(
    { clock, stamp: (happening) => ({ ...happening, at: clock.now() }) },
    {
      ...{ turn: 1, reason: "deadman", ending: false, manoeuvre: {} },
      stop: () => Promise.reject(new Error("no")),
      failed: () => void tried++,
    },
  );
  const giveUp = work.begin(() => {});
  await settled();
  expect([tried, clock.pending]).toEqual([1, 1]);
  giveUp();
  expect(clock.pending).toBe(0);
  await clock.advance(1_000);
  expect(tried).toBe(1);
});

test("stages that are done in time leave no timer behind [R26]", async () => {
  const clock = createVirtualClock();
  const stage = { withinMs: 1_000, run: () => {} };
  const env = { clock, stop: async () => {}, isOver: () => false, isUrgent: false };
  const stages = await runStages(env, { slow: stage, safe: stage }, "deadman");
  expect([stages.map(({ became }) => became), clock.pending]).toEqual([["done", "done", "done"], 0]);
});

test.each([
  ["stop", true],
  ["leaving", true],
  ["driver.failed", true],
  ["deadman", false],
  ["blind", false],
] as [StopReason, boolean][])("a stop for %s leaves no time to slow down: %s; a session that ends never does [R7, R9]", (reason, is) => {
  expect([isUrgent(reason, false), isUrgent(reason, true)]).toEqual([is, true]);
});

test("a press has a name where its session and its key are known, and is another's under the same key of another session [R16]", () => {
  expect(pressOf("frame", ada, "once-key")).toEqual({ name: `${ada} once-key`, way: "frame", isOnce: true });
  expect(pressOf("events", ada, "key")).toMatchObject({ isOnce: false });
  for (const [session, key] of [
    [undefined, "key"],
    [ada, undefined],
    [undefined, undefined],
  ] as const)
    expect(pressOf("events", session, key)).toBeUndefined();
});
