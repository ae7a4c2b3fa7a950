import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import type { Frame } from "../../../src/driver/driver.ts";
import { createFrames, headOf } from "../../../src/driver/host/frame.ts";

const frame = fc
  .record({ width: fc.constantFrom(2, 4, 8), height: fc.constantFrom(2, 4, 6), fill: fc.nat(255) })
  .map(({ width, height, fill }): Frame => ({ width, height, data: new Uint8Array((width * height * 3) / 2).fill(fill) }));

test.prop([fc.array(frame), fc.array(fc.nat(40))])("frames are the same behind a pipe, however that cuts them", (frames, sizes) => {
  const bytes = Buffer.concat(frames.flatMap((one) => [headOf(one), one.data]));
  const got: Frame[] = [];
  const put = createFrames((one) => got.push(one));
  let at = 0;
  for (const size of sizes) {
    put(bytes.subarray(at, at + size));
    at += size;
  }
  put(bytes.subarray(at));
  expect(got).toEqual(frames);
});

test.each([
  [0, 2],
  [3, 2],
  [2, 4_098],
  [4_294_967_294, 4_294_967_294],
])("what claims to be a picture of %i × %i is none, and nothing after it is taken for one", (width, height) => {
  const got: Frame[] = [];
  const put = createFrames((one) => got.push(one));
  const good: Frame = { width: 2, height: 2, data: new Uint8Array(6) };
  put(Buffer.concat([headOf({ ...good, width, height }), headOf(good), good.data]));
  expect(got).toEqual([]);
});
