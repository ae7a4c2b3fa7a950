import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, test } from "vitest";
import { lockWaitMs, takeDriverLock } from "../../src/supervisor/driver-lock.ts";

function start(take: () => (() => void) | undefined, isAgentGone = () => false) {
  const clock = createVirtualClock({ startAt: 0, idle: async () => {} });
  const waits: string[] = [];
  let has = false;
  const turn = takeDriverLock({ clock, take, isAgentGone, waits: () => waits.push("waits") }, "driver.lock");
  void turn.then(() => {
    has = true;
  });
  return { turn, clock, waits: () => waits.length, has: () => has };
}

test("a supervisor waits as long as the longest stages take for the driver of the run before, and no longer", async () => {
  const { clock, has, waits } = start(() => undefined);
  await clock.advance(lockWaitMs - 100);
  expect([has(), waits()]).toEqual([false, 1]);
  await clock.advance(200);
  expect(has()).toBe(true);
});

test("a supervisor whose disk has no locks does without", async () => {
  const { clock, has, waits } = start(() => {
    throw new Error("read-only");
  });
  await clock.advance(0);
  expect([has(), waits()]).toEqual([true, 0]);
});

test("a supervisor whose agent is gone before its turn came starts no driver", async () => {
  const { clock, turn } = start(
    () => undefined,
    () => true,
  );
  await clock.advance(100);
  expect(await turn).toBe("agent.gone");
});
