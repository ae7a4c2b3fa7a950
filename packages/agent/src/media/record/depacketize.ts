import type { codecs } from "../camera/source.ts";
import { payloadOf } from "../rtp.ts";

/** A whole encoded frame: H.264 in Annex B form, VP8 as it is. */
export type EncodedFrame = { readonly data: Buffer; readonly isKeyframe: boolean };

const startCode = Buffer.from([0, 0, 0, 1]);
const nal = { idr: 5, sps: 7, aggregate: 24, fragment: 28 } as const;

/** Reassembles frames from a camera's packets, in order. A frame of which something is missing is left out, like all up to the next keyframe. */
export function createDepacketizer(codec: (typeof codecs)[number]) {
  let parts: Buffer[] = [];
  let isKeyframe = false;
  let isWhole = true;
  let expected: number | undefined;
  let isDecodable = false;

  function addH264(payload: Buffer): void {
    const kind = payload.readUInt8(0) & 31;
    if (kind === nal.aggregate) {
      for (let at = 1; at + 2 <= payload.length; ) {
        const size = payload.readUInt16BE(at);
        addUnit(payload.subarray(at + 2, at + 2 + size));
        at += 2 + size;
      }
    } else if (kind === nal.fragment && payload.length > 2) addFragment(payload);
    else addUnit(payload);
  }

  function addUnit(unit: Buffer): void {
    if (unit.length === 0) return;
    const kind = unit.readUInt8(0) & 31;
    isKeyframe ||= kind === nal.idr || kind === nal.sps;
    parts.push(startCode, unit);
  }

  /** Its first part begins a unit, whose header is made of both bytes (RFC 6184 §5.8). */
  function addFragment(payload: Buffer): void {
    const [indicator, header] = [payload.readUInt8(0), payload.readUInt8(1)];
    if ((header & 0x80) !== 0) addUnit(Buffer.from([(indicator & 0xe0) | (header & 31)]));
    parts.push(payload.subarray(2));
  }

  /** A descriptor of one to six bytes precedes it (RFC 7741 §4.2). */
  function addVp8(payload: Buffer): void {
    const [first, second = 0, third = 0] = payload;
    if (first === undefined) return;
    let at = 1;
    if ((first & 0x80) !== 0) {
      at += 1;
      if ((second & 0x80) !== 0) at += (third & 0x80) !== 0 ? 2 : 1;
      if ((second & 0x40) !== 0) at += 1;
      if ((second & 0x30) !== 0) at += 1;
    }
    const data = payload.subarray(at);
    // The beginning of the first partition: its lowest bit is 0 in a keyframe (RFC 6386 §9.1).
    if ((first & 0x10) !== 0 && (first & 7) === 0 && data.length > 0) isKeyframe ||= (data.readUInt8(0) & 1) === 0;
    parts.push(data);
  }

  return {
    /** The frame that this packet completes, if it does. */
    put(
      packet: Buffer,
      { sequence, isLastOfFrame }: { readonly sequence: number; readonly isLastOfFrame: boolean },
    ): EncodedFrame | undefined {
      if (expected !== undefined && sequence !== expected) isWhole = false;
      expected = (sequence + 1) & 0xffff;
      const payload = payloadOf(packet);
      if (payload.length > 0) (codec === "h264" ? addH264 : addVp8)(payload);
      if (!isLastOfFrame) return undefined;
      const frame = { data: Buffer.concat(parts), isKeyframe };
      const isGood = isWhole && frame.data.length > 0 && (isDecodable || isKeyframe);
      isDecodable = isGood;
      parts = [];
      isKeyframe = false;
      isWhole = true;
      return isGood ? frame : undefined;
    },
  };
}
