import { describe, expect, test } from "vitest";
import { createDepacketizer } from "../../../src/media/record/depacketize.ts";

const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");
const packet = (payload: string) => Buffer.concat([bytes("80 60 0000 00000000 00000001"), bytes(payload)]);

/** The frames of packets, each its payload and whether it is the last of its frame; a gap leaves sequence numbers out. */
function framesOf(codec: "h264" | "vp8", packets: readonly (readonly [payload: string, isLast: boolean] | "lost")[]) {
  const depacketizer = createDepacketizer(codec);
  return packets.flatMap((one, sequence) => {
    if (one === "lost") return [];
    const frame = depacketizer.put(packet(one[0]), { sequence, isLastOfFrame: one[1] });
    return frame ? [[frame.data.toString("hex"), frame.isKeyframe]] : [];
  });
}

const sps = "67aa";
const idr = "65bb";
const key = [`18 0002${sps} 0002${idr}`, true] as const;
const keyframe = [`00000001${sps}00000001${idr}`, true];

describe("H.264", () => {
  test("single units, aggregates and fragments become one frame in Annex B form", () => {
    expect(framesOf("h264", [key, ["41cc", true]])).toEqual([keyframe, ["0000000141cc", false]]);
    expect(
      framesOf("h264", [
        [sps, false],
        ["7c85 01", false],
        ["7c05 02", false],
        ["7c45 03", true],
      ]),
    ).toEqual([[`00000001${sps}0000000165010203`, true]]);
  });

  test("a frame of which something is missing is left out, and all up to the next keyframe", () => {
    expect(framesOf("h264", [key, ["41cc", false], "lost", ["41cd", true], ["41ce", true], key, ["41cf", true]])).toEqual([
      keyframe,
      keyframe,
      ["0000000141cf", false],
    ]);
  });

  test("nothing is kept before the first keyframe, and nothing breaks it", () => {
    expect(
      framesOf("h264", [
        ["41cc", true],
        ["", true],
        ["7c", true],
        ["18 00ff 01", true],
      ]),
    ).toEqual([]);
  });
});

describe("VP8", () => {
  test.each([
    ["the shortest descriptor", "10 00aabb", "00aabb"],
    ["a long picture number", "90 80 8001 00aabb", "00aabb"],
    ["all that a descriptor can hold", "90 f0 8001 02 03 00aabb", "00aabb"],
  ])("%s is taken off", (_, payload, frame) => {
    expect(framesOf("vp8", [[payload, true]])).toEqual([[frame, true]]);
  });

  test("a frame that is no keyframe says so", () => {
    expect(
      framesOf("vp8", [
        ["10 00aa", true],
        ["10 01bb", false],
        ["00 cc", true],
      ]),
    ).toEqual([
      ["00aa", true],
      ["01bbcc", false],
    ]);
  });
});
