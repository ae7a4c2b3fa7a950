import { expect, test } from "vitest";
import { beginsKeyframe, beginsLaterSlice } from "../../src/media/keyframe.ts";

test.each([
  ["h264", "a slice", "41 9a", false],
  ["h264", "an IDR slice", "65 88", true],
  ["h264", "a sequence's parameters", "67 42", true],
  ["h264", "a picture's parameters", "68 ce", false],
  ["h264", "an aggregate of a delimiter and a sequence's parameters", "78 0002 09f0 0002 6742", true],
  ["h264", "an aggregate of a delimiter and a slice", "78 0002 09f0 0002 419a", false],
  ["h264", "an aggregate that is cut off", "78 00", false],
  ["h264", "the first part of an IDR slice", "7c 85 00", true],
  ["h264", "another part of an IDR slice", "7c 05 00", false],
  ["h264", "the first part of a slice", "5c 81 00", false],
  ["h264", "nothing", "", false],
  ["vp8", "the beginning of a keyframe", "10 00", true],
  ["vp8", "the same behind a descriptor with all it can have", "90 f0 8001 02 20 00", true],
  ["vp8", "the beginning of another frame", "10 01", false],
  ["vp8", "the middle of a keyframe", "00 00", false],
  ["vp8", "nothing", "", false],
] as const)("%s: %s", (codec, _, hex, begins) => {
  expect(beginsKeyframe(codec, Buffer.from(hex.replaceAll(" ", ""), "hex"))).toBe(begins);
});

test.each([
  ["the first slice of a keyframe", "65 88", false],
  ["a later one", "65 48", true],
  ["the first part of the first slice", "7c 85 88", false],
  ["the first part of a later one", "7c 85 48", true],
  ["another part", "7c 05 48", false],
  ["an aggregate with a later one", "78 0002 6742 0002 6548", true],
  ["a later slice of another frame", "41 48", false],
  ["a slice that is cut off", "65", false],
  ["nothing", "", false],
] as const)("whether a later slice of a keyframe begins: %s", (_, hex, begins) => {
  expect(beginsLaterSlice(Buffer.from(hex.replaceAll(" ", ""), "hex"))).toBe(begins);
});
