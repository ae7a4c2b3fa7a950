import { expect, test } from "vitest";
import { createContinuity, ticksPerMs } from "../../src/media/camera/continuity.ts";

const header = (sequence: number, timestamp: number) => ({ sequence, timestamp, isLastOfFrame: false });

test("a source that starts again goes on where it was, and its gaps stay", () => {
  const continuity = createContinuity();
  expect(continuity.next(header(65_535, 4_294_967_295), 0)).toMatchObject({ sequence: 1, timestamp: 4_294_967_295 });
  expect(continuity.next(header(0, 2_999), 33)).toMatchObject({ sequence: 2, timestamp: 2_999 });
  // Two packets were lost on the way from the source.
  expect(continuity.next(header(3, 5_999), 66)).toMatchObject({ sequence: 5, timestamp: 5_999 });
  continuity.restart();
  const after = continuity.next(header(40_000, 7), 1_066);
  expect(after).toMatchObject({ sequence: 6, timestamp: 5_999 + 90_000 });
  expect(continuity.next(header(40_001, 3_007), 1_100)).toMatchObject({ sequence: 7, timestamp: after.timestamp + 3_000 });
});

test("a sound that starts again goes on by the 48 ticks of Opus in a ms", () => {
  const continuity = createContinuity(ticksPerMs.opus);
  expect(continuity.next(header(9, 960), 0)).toMatchObject({ sequence: 1, timestamp: 960 });
  continuity.restart();
  expect(continuity.next(header(70, 5), 1_000)).toMatchObject({ sequence: 2, timestamp: 960 + 48_000 });
});
