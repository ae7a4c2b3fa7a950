import type { Seen } from "@tether/sdk/client";
import { expect, test } from "vitest";
import { createPictureTime } from "../../../src/drive/picture/picture-time.ts";

function start() {
  const told = new Map<number, number>();
  const time = createPictureTime({ takenAt: ({ mark = 0 }: Seen) => told.get(mark) });
  return { told, time, shown: (mark: number) => time.shown({ stream: "camera", mark }) };
}

test("the newest picture that is shown counts, also where the robot's word of it comes later", () => {
  const { told, time, shown } = start();
  expect(time.takenAt()).toBeUndefined();
  told.set(1, 100);
  shown(1);
  expect(time.takenAt()).toBe(100);
  shown(2);
  expect(time.takenAt()).toBe(100);
  shown(3);
  told.set(2, 200);
  expect(time.takenAt()).toBe(200);
  told.set(3, 300);
  expect(time.takenAt()).toBe(300);
});

test("a picture that nobody can tell from others, or of which nothing is told, leaves the one before, however many come", () => {
  const { told, time, shown } = start();
  told.set(1, 100);
  shown(1);
  for (let mark = 2; mark < 1_000; mark += 1) {
    time.shown(undefined);
    shown(mark);
    expect(time.takenAt()).toBe(100);
  }
  time.clear();
  expect(time.takenAt()).toBeUndefined();
});
