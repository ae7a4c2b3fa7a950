import { expect, it } from "vitest";
import { createQuiet } from "../../src/clock/quiet.ts";
import { nextTurn, realClock } from "../../src/clock/real.ts";
import { virtualRequestTime } from "../../src/clock/request-time.ts";
import { createVirtualClock } from "../../src/clock/virtual.ts";

function rig() {
  const quiet = createQuiet({ clock: realClock, turn: nextTurn });
  const clock = createVirtualClock({ startAt: 1_000, idle: () => quiet.idle() });
  const time = virtualRequestTime({ clock, quiet, turn: nextTurn });
  const ended: string[] = [];
  const waits = async (name: string, ms: number) => {
    await time.wait(ms);
    ended.push(`${name} at ${time.now() - 1_000}`);
  };
  return { quiet, clock, time, ended, waits };
}

it("ends waits by their length, not in the order in which they began", async () => {
  const { waits, ended, clock } = rig();
  await Promise.all([waits("long", 50), waits("short", 5), waits("middle", 8)]);
  expect(ended).toEqual(["short at 5", "middle at 8", "long at 50"]);
  expect(clock.now()).toBe(1_000);
});

it("goes on from each wait to what it leads to, before a longer wait ends", async () => {
  const { waits, ended } = rig();
  const twice = async () => {
    await waits("first", 10);
    await waits("second", 10);
  };
  await Promise.all([waits("long", 25), twice()]);
  expect(ended).toEqual(["first at 10", "second at 20", "long at 25"]);
});

it("stands still while something is under way elsewhere, however long that takes", async () => {
  const { time, ended, waits } = rig();
  const end = time.begin();
  const waited = waits("held up", 5);
  for (let turn = 0; turn < 200; turn++) await nextTurn();
  expect(ended).toEqual([]);
  end();
  await waited;
  expect(ended).toEqual(["held up at 5"]);
});

it("is never behind the clock, which waits for all waits of its instant", async () => {
  const { time, clock, ended, waits } = rig();
  void waits("before", 30);
  await clock.advance(100);
  expect(ended).toEqual(["before at 30"]);
  expect(time.now()).toBeGreaterThanOrEqual(clock.now());
  const at = time.now();
  await time.wait(5);
  expect(time.now()).toBe(at + 5);
});
