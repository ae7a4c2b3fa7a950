import { describe, expect, test } from "vitest";
import { keyframeRequest, readRtcp } from "../../src/media/rtcp.ts";
import { numberAgain, ownIds, readRtp, rewriteRtp } from "../../src/media/rtp.ts";

const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");
const plain = bytes("80 e6 0001 00000064 000003e8 aabbcc");

describe("RTP", () => {
  test("is read by its header", () => {
    expect(readRtp(plain)).toEqual({ timestamp: 100, sequence: 1, isLastOfFrame: true });
    expect(readRtp(bytes("80 66 ffff ffffffff 000003e8"))).toEqual({ timestamp: 0xffffffff, sequence: 0xffff, isLastOfFrame: false });
  });

  test.each([
    ["nothing", ""],
    ["a short packet", "80e600010000006400000"],
    ["another version", "40 e6 0001 00000064 000003e8 aa"],
    ["RTCP on the same port", "80 c8 0006 00000064 000003e8 aa"],
    ["contributing sources that are cut off", "83 66 0001 00000064 000003e8 aa"],
    ["an extension that is cut off", "90 66 0001 00000064 000003e8 bede"],
    ["an extension that is longer than the packet", "90 66 0001 00000064 000003e8 bede00ff aa"],
  ])("%s is none", (_, hex) => {
    expect(readRtp(bytes(hex))).toBeUndefined();
  });

  test("is sent with the track's payload type, source and counts, with the time of sending and no delay in playing", () => {
    const as = { payloadType: 102, ssrc: 7, sequence: 9, timestamp: 11, transportSequence: 0x1234, sentAt: 1_500, ids: ownIds };
    // 1.5 s in 6.18 bits is 0x060000.
    expect(rewriteRtp(plain, as).toString("hex")).toBe(
      "90e600090000000b00000007bede0003" + "32060000" + "62000000" + "51123400" + "aabbcc",
    );
    const extended = bytes("b1 66 0001 00000064 000003e8 00000001 bede0001 10ff0000 aabb02");
    const out = rewriteRtp(extended, as);
    expect([out.subarray(0, 2).toString("hex"), out.subarray(28).toString("hex")]).toEqual(["b066", "aabb02"]);
    expect(readRtp(out)).toEqual({ timestamp: 11, sequence: 9, isLastOfFrame: false });
    // By the numbers of the other end's offer, which may lack one.
    const others = rewriteRtp(plain, { ...as, ids: { sendTime: 14 } });
    expect(others.toString("hex", 16, 28)).toBe("e2060000" + "00000000" + "00000000");
    numberAgain(others, 0xffff);
    expect(others.toString("hex", 24, 28)).toBe("00000000");
    expect(rewriteRtp(plain, { ...as, ids: { transportSequence: 7 } }).toString("hex", 16, 28)).toBe("00000000" + "00000000" + "71123400");
    numberAgain(out, 0xffff);
    expect(out.toString("hex", 24, 28)).toBe("51ffff00");
  });
});

const at = (sequence: number, ms?: number) => ({ sequence, at: ms });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("RTCP", () => {
  const report = "81 c9 0007 00000001 000003e8 40000005 00000010 00000001 00000000 00000000";
  const remb = "8f ce 0005 00000001 00000000 52454d42 01 0a ffff 000003e8";
  test.each([
    ["a receiver report", report, { needsKeyframe: false, missing: [], lost: 0.25 }],
    ["a picture loss indication", "81 ce 0002 00000001 000003e8", { needsKeyframe: true, missing: [] }],
    ["a full intra request", "84 ce 0004 00000001 000003e8 000003e8 01000000", { needsKeyframe: true, missing: [] }],
    ["lost packets", "81 cd 0003 00000001 000003e8 ffff 8001", { needsKeyframe: false, missing: [65_535, 0, 15] }],
    ["an estimate", remb, { needsKeyframe: false, missing: [], estimate: 0x2ffff * 4 }],
    ["all together", `${report}${remb}`, { needsKeyframe: false, missing: [], lost: 0.25, estimate: 0x2ffff * 4 }],
    [
      "when packets came, of which a run came, in quarters of a millisecond from 64 ms on",
      "8f cd 0006 00000001 000003e8 fffe 0004 000001 07 2003 0001 04 08 ff 00",
      { needsKeyframe: false, missing: [], arrivals: [at(65_534, 65), at(65_535, 67), at(0, 130.75), at(1)] },
    ],
    [
      "when packets came, by a bit each and by two",
      "8f cd 0006 00000001 000003e8 0001 0010 000000 00 a000 d800 04 08 fffc",
      {
        needsKeyframe: false,
        missing: [],
        arrivals: [at(1, 1), ...range(2, 14).map((one) => at(one)), at(15, 3), at(16, 2)],
      },
    ],
    [
      "when packets came, with the times of the last cut off",
      "8f cd 0005 00000001 000003e8 0001 0004 000000 00 2004 04 04",
      { needsKeyframe: false, missing: [], arrivals: [at(1, 1), at(2, 2)] },
    ],
    ["a report of packets that is cut off", "8f cd 0003 00000001 000003e8 0001 0004", { needsKeyframe: false, missing: [] }],
    ["a part that is cut off", `${report}81ce0002 0000`, { needsKeyframe: false, missing: [], lost: 0.25 }],
    ["nonsense", "00 01 02", { needsKeyframe: false, missing: [] }],
  ])("%s is read", (_, hex, feedback) => {
    expect(readRtcp(bytes(hex))).toEqual(feedback);
  });

  test("asks a source for a keyframe", () => {
    const request = keyframeRequest(1_000);
    expect(readRtcp(request)).toEqual({ needsKeyframe: true, missing: [] });
    expect(request.readUInt32BE(16)).toBe(1_000);
  });
});
