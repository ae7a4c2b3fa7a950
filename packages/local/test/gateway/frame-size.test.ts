import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createFrameSize } from "../../src/gateway/frame-size.ts";

/** A client's masked frame of `size` bytes (RFC 6455 §5.2). The payload looks like headers of huge frames. */
function frame(size: number): Buffer {
  const length = size < 126 ? Buffer.from([0x80 | size]) : size < 65_536 ? Buffer.from([0x80 | 126, 0, 0]) : Buffer.alloc(9, 0);
  if (size >= 126 && size < 65_536) length.writeUInt16BE(size, 1);
  if (size >= 65_536) {
    length[0] = 0x80 | 127;
    length.writeBigUInt64BE(BigInt(size), 1);
  }
  return Buffer.concat([Buffer.from([0x81]), length, Buffer.from([1, 2, 3, 4]), Buffer.alloc(size, 0xff)]);
}

function tooLargeIn(bytes: Buffer, cuts: number[], most: number): number {
  let times = 0;
  const reader = createFrameSize(most, () => times++);
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (const [at, edge] of edges.entries()) reader.push(bytes.subarray(edge, edges[at + 1] ?? edge));
  return times;
}

it("counts the frames that are too large, however the bytes are cut", () => {
  const size = fc.oneof(fc.nat(130), fc.integer({ min: 65_530, max: 65_540 }), fc.constantFrom(0, 125, 126, 1_000, 1_001));
  fc.assert(
    fc.property(fc.array(size, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 8 }), (sizes, cuts) => {
      expect(tooLargeIn(Buffer.concat(sizes.map(frame)), cuts, 1_000)).toBe(sizes.filter((bytes) => bytes > 1_000).length);
    }),
    { numRuns: 60 },
  );
});

it("reads headers that arrive a byte at a time", () => {
  const bytes = Buffer.concat([frame(200), frame(1_001), frame(3)]);
  expect(tooLargeIn(bytes, [...bytes.keys()], 1_000)).toBe(1);
});
