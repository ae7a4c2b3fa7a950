import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import type { Frame } from "../../../src/driver/driver.ts";
import { createFrames, headOf } from "../../../src/driver/frame/frame.ts";

type Clocks = Parameters<typeof headOf>[1];
/** The clocks of both ends of the pipe are apart; what they share is the machine's. */
const shared = { now: () => 7_000 };
const [writer, reader] = [1_000_000, 50].map((ms) => ({ shared, clock: { now: () => ms } })) as [Clocks, Clocks];

const told = fc.record({ takenAt: fc.integer({ min: -10_000, max: 10_000 }), mark: fc.nat(2 ** 32 - 1) }, { requiredKeys: [] });
const frame = fc
  .record({ width: fc.constantFrom(2, 4, 8), height: fc.constantFrom(2, 4, 6), fill: fc.nat(255), told })
  .map(({ width, height, fill, told }): Frame => ({ width, height, data: new Uint8Array((width * height * 3) / 2).fill(fill), ...told }));

test.prop([fc.array(frame), fc.array(fc.nat(40))])(
  "frames are the same behind a pipe, and as old, however that cuts them",
  (frames, sizes) => {
    const bytes = Buffer.concat(frames.flatMap((one) => [headOf(one, writer), one.data]));
    const got: Frame[] = [];
    const put = createFrames((one) => got.push(one), reader);
    let at = 0;
    for (const size of sizes) {
      put(bytes.subarray(at, at + size));
      at += size;
    }
    put(bytes.subarray(at));
    // A picture is as old behind the pipe as before it.
    const age = (one: Frame, now: number) => ({ ...one, ...("takenAt" in one && { takenAt: now - Number(one.takenAt) }) });
    expect(got.map((one) => age(one, 50))).toEqual(frames.map((one) => age(one, 1_000_000)));
  },
);

test.each([
  [0, 2],
  [3, 2],
  [2, 4_098],
  [4_294_967_294, 4_294_967_294],
])("what claims to be a picture of %i × %i is none, and nothing after it is taken for one", (width, height) => {
  const got: Frame[] = [];
  const put = createFrames((one) => got.push(one), reader);
  const good: Frame = { width: 2, height: 2, data: new Uint8Array(6) };
  put(Buffer.concat([headOf({ ...good, width, height }, writer), headOf(good, writer), good.data]));
  expect(got).toEqual([]);
});
