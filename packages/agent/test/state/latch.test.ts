import type { Files } from "@tether/program/files";
import { expect, test } from "vitest";
import { isTrouble } from "../../src/exit.ts";
import { openLatch } from "../../src/state/latch.ts";
import { createMemoryDisk } from "../memory-disk.ts";

const disk = () => createMemoryDisk();
let programs = 0;

async function opened(files: Files) {
  programs += 1;
  const latch = await openLatch(files, "/state", `program ${programs}`);
  if (isTrouble(latch)) throw new Error(latch.says);
  return latch;
}

const fails = (code: string) => () => Promise.reject(new Error(code));

test("a stop that was noted is in force in the next program until it is noted that it is not [R18]", async () => {
  const files = disk();
  const first = await opened(files);
  expect(first.isStopped).toBe(false);
  for (const stopped of [true, false, true]) void first.note(stopped);
  expect(first.isStopped).toBe(true);
  await first.flushed();
  files.lose("flushed");
  const second = await opened(files);
  expect(second.isStopped).toBe(true);
  expect(await second.note(false)).toBe("kept");
  files.lose("flushed");
  expect((await opened(files)).isStopped).toBe(false);
});

test("a stop is in force where nobody can tell [R18]", async () => {
  const files = disk();
  const broken: Files = { ...files, read: (path) => (path.endsWith("stopped") ? fails("EIO")() : files.read(path)) };
  expect((await opened(broken)).isStopped).toBe(true);
});

test.each<[string, Partial<Files>]>([
  ["made anew", { create: fails("EROFS") }],
  ["made to last", { flush: fails("EIO") }],
  ["put in place", { rename: fails("EACCES") }],
])(
  "a stop is in force from the start where files cannot be %s: one may have been ordered that could not be written [R18]",
  async (_, part) => {
    const latch = await opened({ ...disk(), ...part });
    expect([latch.isStopped, latch.isKept]).toEqual([true, false]);
  },
);

test("a stop that cannot be written is in force while the program runs, and whoever noted it learns that it is not kept [R18]", async () => {
  const files = disk();
  let isFull = false;
  const latch = await opened({ ...files, create: (path, text) => (isFull ? fails("ENOSPC")() : files.create(path, text)) });
  expect(latch.isStopped).toBe(false);
  isFull = true;
  expect(await latch.note(true)).toBe("unkept");
  expect(latch.isStopped).toBe(true);
  isFull = false;
  expect(await latch.note(true)).toBe("kept");
});

test("a folder that does not give back what was written there is refused, also where it gives back what another program wrote [R18]", async () => {
  const files = disk();
  const swallowing: Files = { ...files, create: async () => "created", flush: async () => {}, rename: async () => {} };
  expect(await openLatch(swallowing, "/state", "this")).toMatchObject({ exit: "unsafe", code: "state.forgets" });
  await files.create("/state/probe", "that");
  expect(await openLatch(swallowing, "/state", "this")).toMatchObject({ exit: "unsafe", code: "state.forgets" });
});
