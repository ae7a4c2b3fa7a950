import { createVirtualClock } from "@tether/local/clock/virtual";
import type { DriveEvents } from "@tether/sdk/control/drive/events";
import { createEmitter } from "@tether/sdk/session/emitter";
import { expect, test } from "vitest";
import { kept, type Point } from "../../../src/drive/stats/history.ts";
import { between, type Sample } from "../../../src/drive/stats/sample.ts";
import { watch } from "../../../src/drive/stats/watch.ts";
import { chromium } from "./reports.ts";

const state = { epoch: 1, moving: true };

function rig(getStats?: () => Promise<{ values(): Iterable<unknown> }>) {
  const clock = createVirtualClock({ startAt: 0, idle: () => new Promise((resolve) => setImmediate(resolve)) });
  const { on, emit } = createEmitter<DriveEvents>();
  const samples: Sample[] = [];
  const stop = watch({ clock, pc: getStats && { getStats }, control: { on }, take: (sample) => void samples.push(sample) });
  return { advance: clock.advance, emit, samples, stop };
}

/** A connection that brings 125 000 bytes a second. */
function running() {
  let seconds = 0;
  return async () => {
    seconds += 1;
    return { values: () => chromium({ seconds, bytes: seconds * 125_000, packets: seconds * 100, lost: 0, frames: seconds * 30 }) };
  };
}

test("a sample is taken at once and every second, and none once it was stopped", async () => {
  const { advance, samples, stop } = rig(running());
  await advance(3_000);
  expect(samples.map(({ bitrate }) => bitrate)).toEqual([undefined, 1_000_000, 1_000_000, 1_000_000]);
  stop();
  await advance(5_000);
  expect(samples).toHaveLength(4);
});

test("without a connection there is what the robot tells, for as long as it is fresh", async () => {
  const { advance, emit, samples } = rig();
  emit("robot", { ...state, commandAgeMs: 40, roundTripMs: 90 });
  await advance(4_000);
  expect(samples.map(({ commandAgeMs, roundTripMs }) => [commandAgeMs, roundTripMs])).toEqual([
    [undefined, undefined],
    [40, 90],
    [40, 90],
    [undefined, undefined],
    [undefined, undefined],
  ]);
});

test("a report that does not come in time, or not at all, is a gap, and the next one goes on", async () => {
  const report = running();
  const answers = [report, () => Promise.reject(new Error("closed")), report];
  const { advance, samples } = rig(() => (answers.shift() ?? report)());
  await advance(3_000);
  expect(samples.map(({ bitrate }) => bitrate)).toEqual([undefined, undefined, 1_000_000, 1_000_000]);
});

test("a connection that never answers is asked once, and nothing is known of it", async () => {
  let asked = 0;
  const { advance, samples } = rig(() => {
    asked += 1;
    return new Promise(() => {});
  });
  await advance(3_000);
  expect(asked).toBe(1);
  expect(samples.map(({ path }) => path)).toEqual([undefined, undefined, undefined]);
});

test("an answer that comes after the end is not taken", async () => {
  const { promise, resolve } = Promise.withResolvers<{ values(): Iterable<unknown> }>();
  const { advance, samples, stop } = rig(() => promise);
  stop();
  resolve(await running()());
  await advance(1_000);
  expect(samples).toEqual([]);
});

test("the last minute is kept", () => {
  const sample = between(undefined, undefined, undefined);
  const all = Array.from({ length: 100 }, (_, index) => ({ ...sample, at: index * 1_000 }));
  const points = all.reduce<readonly Point[]>(kept, []);
  expect([points.length, points[0]?.at, points.at(-1)?.at]).toEqual([61, 39_000, 99_000]);
  expect(kept(points, { ...sample, at: 50_000 }).at(-1)?.at).toBe(50_000);
  expect(kept(points, { ...sample, at: 50_000 })).toHaveLength(12);
});
