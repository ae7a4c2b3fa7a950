import type { codecs } from "./camera/source.ts";

/** Kinds of units of H.264, and of the payloads that hold several or a part of one (ITU-T H.264 table 7-1, RFC 6184 §5.2). */
export const nal = { idr: 5, sps: 7, aggregate: 24, fragment: 28 } as const;

/** Whether a unit belongs to a keyframe. */
export const isOfKeyframe = (unitHeader: number): boolean => (unitHeader & 31) === nal.idr || (unitHeader & 31) === nal.sps;

/** Whether a decoder can begin with this payload of an RTP packet. */
export function beginsKeyframe(codec: (typeof codecs)[number], payload: Buffer): boolean {
  if (codec === "vp8") return vp8Of(payload)?.isKeyframe ?? false;
  const [first = 0, second = 0] = payload;
  const kind = first & 31;
  if (kind === nal.aggregate) return unitsOf(payload).some((unit) => isOfKeyframe(unit[0] ?? 0));
  // A fragment's header says whether it is the first of its unit.
  return kind === nal.fragment ? (second & 0x80) !== 0 && isOfKeyframe(second) : isOfKeyframe(first);
}

/**
 * Whether a later slice of a keyframe begins with this payload of H.264: one whose first macroblock is not 0, which the first bit after the
 * unit's header tells (ITU-T H.264 §7.3.3).
 */
export function beginsLaterSlice(payload: Buffer): boolean {
  const isLater = (unit: Buffer) => unit.length > 1 && (unit.readUInt8(0) & 31) === nal.idr && (unit.readUInt8(1) & 0x80) === 0;
  const [first = 0, second = 0] = payload;
  if ((first & 31) === nal.aggregate) return unitsOf(payload).some(isLater);
  if ((first & 31) !== nal.fragment) return isLater(payload);
  return (second & 0x80) !== 0 && isLater(payload.subarray(1));
}

/** The units of an aggregate, each after its size. */
export function unitsOf(payload: Buffer): Buffer[] {
  const units: Buffer[] = [];
  for (let at = 1; at + 2 <= payload.length; ) {
    const size = payload.readUInt16BE(at);
    units.push(payload.subarray(at + 2, at + 2 + size));
    at += 2 + size;
  }
  return units;
}

/** The data of a payload of VP8, which a descriptor of one to six bytes precedes (RFC 7741 §4.2), and whether a keyframe begins with it. */
export function vp8Of(payload: Buffer): { readonly data: Buffer; readonly isKeyframe: boolean } | undefined {
  const [first, second = 0, third = 0] = payload;
  if (first === undefined) return undefined;
  let at = 1;
  if ((first & 0x80) !== 0) {
    at += 1;
    if ((second & 0x80) !== 0) at += (third & 0x80) !== 0 ? 2 : 1;
    if ((second & 0x40) !== 0) at += 1;
    if ((second & 0x30) !== 0) at += 1;
  }
  const data = payload.subarray(at);
  // The beginning of the first partition: its lowest bit is 0 in a keyframe (RFC 6386 §9.1).
  const isBeginning = (first & 0x10) !== 0 && (first & 7) === 0 && data.length > 0;
  return { data, isKeyframe: isBeginning && (data.readUInt8(0) & 1) === 0 };
}
