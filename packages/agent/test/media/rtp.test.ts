import { describe, expect, test } from "vitest";
import { keyframeRequest, readRtcp } from "../../src/media/rtcp.ts";
import { ownIds, readRtp, rewriteRtp } from "../../src/media/rtp.ts";

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
    const as = { payloadType: 102, ssrc: 7, sequence: 9, timestamp: 11, sentAt: 1_500, ids: ownIds };
    // 1.5 s in 6.18 bits is 0x060000.
    expect(rewriteRtp(plain, as).toString("hex")).toBe("90e600090000000b00000007bede0002" + "32060000" + "62000000" + "aabbcc");
    const extended = bytes("b1 66 0001 00000064 000003e8 00000001 bede0001 10ff0000 aabb02");
    const out = rewriteRtp(extended, as);
    expect([out.subarray(0, 2).toString("hex"), out.subarray(24).toString("hex")]).toEqual(["b066", "aabb02"]);
    expect(readRtp(out)).toEqual({ timestamp: 11, sequence: 9, isLastOfFrame: false });
    // By the numbers of the other end's offer, which may lack one.
    expect(rewriteRtp(plain, { ...as, ids: { sendTime: 14 } }).toString("hex", 16, 24)).toBe("e2060000" + "00000000");
  });
});

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
