/** The report of a receiver about one camera's stream (RFC 3550, 4585, 3611; REMB: draft-alvestrand-rmcat-remb). */
export type Feedback = {
  /** It cannot decode on without a keyframe. */
  readonly needsKeyframe: boolean;
  /** The sequence numbers of packets that it asks for again. */
  readonly missing: readonly number[];
  /** Its estimate of what the path bears, for all streams of the peer connection together, in bits per second. */
  readonly estimate?: number;
  /** The share of packets that were lost since its last report. */
  readonly lost?: number;
};

const kinds = { receiverReport: 201, transportFeedback: 205, payloadFeedback: 206 } as const;
const formats = { nack: 1, keyframe: 1, fullIntraRequest: 4, remb: 15 } as const;

/** Reads a compound packet. A part that is cut off ends it. */
export function readRtcp(packet: Buffer): Feedback {
  let needsKeyframe = false;
  const missing: number[] = [];
  let estimate: number | undefined;
  let lost: number | undefined;
  for (const { kind, format, part } of partsOf(packet)) {
    if (kind === kinds.receiverReport && format > 0 && part.length >= 32) lost = part.readUInt8(12) / 256;
    if (kind === kinds.transportFeedback && format === formats.nack) missing.push(...missingIn(part));
    if (kind !== kinds.payloadFeedback) continue;
    if (format === formats.keyframe || format === formats.fullIntraRequest) needsKeyframe = true;
    if (format === formats.remb) estimate = estimateIn(part) ?? estimate;
  }
  return { needsKeyframe, missing, ...(estimate !== undefined && { estimate }), ...(lost !== undefined && { lost }) };
}

/** The parts of a compound packet, each with its type and its count or format. */
function* partsOf(packet: Buffer): Iterable<{ readonly kind: number; readonly format: number; readonly part: Buffer }> {
  for (let at = 0; at + 4 <= packet.length; ) {
    const length = (packet.readUInt16BE(at + 2) + 1) * 4;
    if (packet.readUInt8(at) >> 6 !== 2 || at + length > packet.length) return;
    yield { kind: packet.readUInt8(at + 1), format: packet.readUInt8(at) & 31, part: packet.subarray(at, at + length) };
    at += length;
  }
}

/** Each entry names a packet, and by a mask which of the 16 after it are missing as well (RFC 4585 §6.2.1). */
function missingIn(part: Buffer): number[] {
  const missing: number[] = [];
  for (let at = 12; at + 4 <= part.length; at += 4) {
    const [first, mask] = [part.readUInt16BE(at), part.readUInt16BE(at + 2)];
    missing.push(first);
    for (let bit = 0; bit < 16; bit++) if ((mask >> bit) & 1) missing.push((first + bit + 1) & 0xffff);
  }
  return missing;
}

function estimateIn(part: Buffer): number | undefined {
  if (part.length < 20 || part.toString("latin1", 12, 16) !== "REMB") return undefined;
  const value = part.readUIntBE(17, 3);
  return (value & 0x3_ffff) * 2 ** (value >> 18);
}

/** Asks a source that reads RTCP for a keyframe: an empty receiver report and a picture loss indication. */
export function keyframeRequest(source: number): Buffer {
  const out = Buffer.alloc(20);
  out.writeUInt32BE(0x80c9_0001, 0);
  out.writeUInt32BE(1, 4);
  out.writeUInt32BE(0x81ce_0002, 8);
  out.writeUInt32BE(1, 12);
  out.writeUInt32BE(source, 16);
  return out;
}
