import type { codecs } from "../camera/source.ts";
import { isOfKeyframe, nal, unitsOf, vp8Of } from "../keyframe.ts";
import { payloadOf } from "../rtp.ts";

/** A whole encoded frame: H.264 in Annex B form, VP8 as it is. */
export type EncodedFrame = { readonly data: Buffer; readonly isKeyframe: boolean };

const startCode = Buffer.from([0, 0, 0, 1]);

/** Reassembles frames from a camera's packets, in order. A frame of which something is missing is left out, like all up to the next keyframe. */
export function createDepacketizer(codec: (typeof codecs)[number]) {
  let parts: Buffer[] = [];
  let isKeyframe = false;
  let isWhole = true;
  let expected: number | undefined;
  let isDecodable = false;

  function addH264(payload: Buffer): void {
    const kind = payload.readUInt8(0) & 31;
    if (kind === nal.aggregate) unitsOf(payload).forEach(addUnit);
    else if (kind === nal.fragment && payload.length > 2) addFragment(payload);
    else addUnit(payload);
  }

  function addUnit(unit: Buffer): void {
    if (unit.length === 0) return;
    isKeyframe ||= isOfKeyframe(unit.readUInt8(0));
    parts.push(startCode, unit);
  }

  /** The first part of a fragmented unit begins the unit, whose header is made of both bytes (RFC 6184 §5.8). */
  function addFragment(payload: Buffer): void {
    const [indicator, header] = [payload.readUInt8(0), payload.readUInt8(1)];
    if ((header & 0x80) !== 0) addUnit(Buffer.from([(indicator & 0xe0) | (header & 31)]));
    parts.push(payload.subarray(2));
  }

  function addVp8(payload: Buffer): void {
    const part = vp8Of(payload);
    if (!part) return;
    isKeyframe ||= part.isKeyframe;
    parts.push(part.data);
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
