import { createQuiet } from "@tether/local/clock/quiet";
import { nextTurn, realClock } from "@tether/local/clock/real";
import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, test } from "vitest";
import { locked } from "../../src/state/lock.ts";
import { createMemoryDisk } from "../memory-disk.ts";

function start(living: readonly number[]) {
  const quiet = createQuiet({ clock: realClock, turn: nextTurn });
  const clock = createVirtualClock({ startAt: 1_000_000, idle: () => quiet.idle() });
  const files = createMemoryDisk(clock);
  const as = (id: number) => ({ files, clock, process: { id, alive: (other: number) => living.includes(other) } });
  return { clock, files, as };
}

test("what two processes do under one lock is done one after the other", async () => {
  const { clock, as } = start([1, 2]);
  const done: string[] = [];
  const work = (name: string) => async () => {
    done.push(`${name} begins`);
    await new Promise<void>((resolve) => clock.after(1_000, resolve));
    done.push(`${name} ends`);
  };
  const both = Promise.all([locked(as(1), "/lock", work("first")), locked(as(2), "/lock", work("second"))]);
  await clock.advance(3_000);
  await both;
  expect(done).toEqual(["first begins", "first ends", "second begins", "second ends"]);
});

test("is given back also when the work fails", async () => {
  const { files, as } = start([1]);
  await expect(locked(as(1), "/lock", () => Promise.reject(new Error("full")))).rejects.toThrow("full");
  expect(files.names.size).toBe(0);
});

test("of a process that is gone is taken at once", async () => {
  const { files, as } = start([2]);
  await files.create("/lock", "1");
  expect(await locked(as(2), "/lock", async () => "done")).toBe("done");
});

test.each([
  ["whose number another process has by now", "1"],
  ["that was not written to its end", ""],
])("of a process %s is taken after 10 s, and not before", async (_, text) => {
  const { clock, files, as } = start([1, 2]);
  await files.create("/lock", text);
  let taken = false;
  const taking = locked(as(2), "/lock", async () => {
    taken = true;
  });
  await clock.advance(10_000);
  expect(taken).toBe(false);
  await clock.advance(100);
  await taking;
  expect(taken).toBe(true);
});
