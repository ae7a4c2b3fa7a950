import { expect, test } from "vitest";
import { type Failure, unreachable } from "../../src/api/failure.ts";
import type { Event } from "../../src/timeline/event.ts";
import type { History } from "../../src/timeline/history.ts";
import { createReader } from "../../src/timeline/reader.ts";
import { begin, entry } from "./entries.ts";

/** A timeline in pages of two, that grows, and can fail. */
function createRig() {
  const events: Event[] = [];
  const asked: (string | undefined)[] = [];
  const known: History[] = [];
  let failure: Failure | undefined;
  const reader = createReader({
    known: (history) => known.push(history),
    page: async (cursor) => {
      asked.push(cursor);
      if (failure) return { failure };
      const until = cursor === undefined ? events.length : Number(cursor);
      const items = events.slice(Math.max(0, until - 2), until).toReversed();
      return { value: { items, ...(until > 2 && { cursor: String(until - 2) }) } };
    },
  });
  return {
    reader,
    asked,
    add(...seconds: number[]) {
      events.push(...seconds.map((second) => entry(second, "session.renewed")));
    },
    fail: (next: Failure | undefined) => {
      failure = next;
    },
    seconds: () => known.at(-1)?.events.map(({ at }) => (at - begin) / 1_000),
    told: () => known.length,
  };
}

const always = () => -Infinity;
const since = (second: number) => () => begin + second * 1_000;

test("the reader reads back as far as is looked at, and no further", async () => {
  const rig = createRig();
  rig.add(1, 2, 3, 4, 5, 6, 7);
  await rig.reader.read(since(4));
  expect(rig.seconds()).toEqual([4, 5, 6, 7]);
  await rig.reader.read(always);
  expect(rig.seconds()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("new entries are put to the known ones, over as many pages as it takes", async () => {
  const rig = createRig();
  rig.add(1, 2);
  await rig.reader.read(always);
  rig.add(3, 4, 5, 6, 7);
  await rig.reader.read(always);
  expect(rig.seconds()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("where nothing is new one page is asked for, and nothing is told", async () => {
  const rig = createRig();
  rig.add(1, 2, 3);
  await rig.reader.read(always);
  const [asked, told] = [rig.asked.length, rig.told()];
  await rig.reader.read(always);
  expect([rig.asked.length - asked, rig.told()]).toEqual([1, told]);
});

test("asked twice at once it reads once", async () => {
  const rig = createRig();
  rig.add(1, 2, 3, 4, 5);
  await Promise.all([rig.reader.read(always), rig.reader.read(always)]);
  expect(rig.seconds()).toEqual([1, 2, 3, 4, 5]);
});

test("after a failure what was known stays, and the next read goes on from there", async () => {
  const rig = createRig();
  rig.add(1, 2);
  await rig.reader.read(always);
  rig.add(3);
  rig.fail(unreachable);
  expect(await rig.reader.read(always)).toBe(unreachable);
  expect(rig.seconds()).toEqual([1, 2]);
  rig.fail(undefined);
  expect(await rig.reader.read(always)).toBeUndefined();
  expect(rig.seconds()).toEqual([1, 2, 3]);
});

test("when more happened than can be read at one go it begins anew with the newest", async () => {
  const rig = createRig();
  rig.add(1);
  await rig.reader.read(since(1));
  rig.add(...Array.from({ length: 200 }, (_, index) => index + 2));
  await rig.reader.read(since(500));
  expect(rig.seconds()).toEqual(Array.from({ length: 80 }, (_, index) => index + 122));
});
