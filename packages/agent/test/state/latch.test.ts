import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, test } from "vitest";
import { openLatch } from "../../src/state/latch.ts";
import { createMemoryDisk } from "../memory-disk.ts";

const disk = () => createMemoryDisk(createVirtualClock({ startAt: 0, idle: async () => {} }));

test("a stop that was noted is in force in the next program until it is noted that it is not [R18]", async () => {
  const files = disk();
  await files.makeFolder("/state");
  const first = await openLatch(files, "/state");
  expect(first.isStopped).toBe(false);
  for (const stopped of [true, false, true]) first.note(stopped);
  expect(first.isStopped).toBe(true);
  await first.settled();
  files.lose("flushed");
  const second = await openLatch(files, "/state");
  expect(second.isStopped).toBe(true);
  second.note(false);
  await second.settled();
  files.lose("flushed");
  expect((await openLatch(files, "/state")).isStopped).toBe(false);
});

test("a stop is in force where nobody can tell [R18]", async () => {
  const broken = { ...disk(), read: () => Promise.reject(new Error("EIO")) };
  expect((await openLatch(broken, "/state")).isStopped).toBe(true);
});

test("a stop that cannot be written is in force while the program runs [R18]", async () => {
  const full = { ...disk(), create: () => Promise.reject(new Error("ENOSPC")) };
  const latch = await openLatch(full, "/state");
  latch.note(true);
  await latch.settled();
  expect(latch.isStopped).toBe(true);
});
