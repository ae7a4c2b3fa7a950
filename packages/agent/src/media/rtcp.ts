/** A packet of the peer connection by its number, and when it came by a clock of the receiver's in ms; undefined where it did not. */
export type Arrival = { readonly sequence: number; readonly at: number | undefined };

/**
 * The report of a receiver about one camera's stream (RFC 3550, 4585, 3611; REMB: draft-alvestrand-rmcat-remb; arrivals:
 * draft-holmer-rmcat-transport-wide-cc-extensions-01).
 */
export type Feedback = {
  /** The receiver cannot decode on without a keyframe. */
  readonly needsKeyframe: boolean;
  /** The sequence numbers of packets that it asks for again. */
  readonly missing: readonly number[];
  /** The receiver's estimate of what the path bears, for all streams of the peer connection together, in bits per second. */
  readonly estimate?: number;
  /** The share of packets that were lost since its last report. */
  readonly lost?: number;
  /** Of packets of all cameras. */
  readonly arrivals?: readonly Arrival[];
};

const kinds = { receiverReport: 201, transportFeedback: 205, payloadFeedback: 206 } as const;
const formats = { nack: 1, arrivals: 15, keyframe: 1, fullIntraRequest: 4, remb: 15 } as const;

/** Reads a compound packet. A part that is cut off ends it. */
export function readRtcp(packet: Buffer): Feedback {
  let needsKeyframe = false;
  const missing: number[] = [];
  let estimate: number | undefined;
  let lost: number | undefined;
  const arrivals: Arrival[] = [];
  for (const { kind, format, part } of partsOf(packet)) {
    if (kind === kinds.receiverReport && format > 0 && part.length >= 32) lost = part.readUInt8(12) / 256;
    if (kind === kinds.transportFeedback && format === formats.nack) missing.push(...missingIn(part));
    if (kind === kinds.transportFeedback && format === formats.arrivals) arrivals.push(...arrivalsIn(part));
    if (kind !== kinds.payloadFeedback) continue;
    if (format === formats.keyframe || format === formats.fullIntraRequest) needsKeyframe = true;
    if (format === formats.remb) estimate = estimateIn(part) ?? estimate;
  }
  return {
    needsKeyframe,
    missing,
    ...(estimate !== undefined && { estimate }),
    ...(lost !== undefined && { lost }),
    ...(arrivals.length > 0 && { arrivals }),
  };
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

/** How a packet's arrival is told: not at all, by one byte, or by two. */
const arrivalStatus = { none: 0, short: 1, long: 2 } as const;

/** Arrivals are told from a first number on, each as a difference to the one before in quarters of a millisecond. */
function arrivalsIn(part: Buffer): Arrival[] {
  if (part.length < 20) return [];
  const [first, count] = [part.readUInt16BE(12), part.readUInt16BE(14)];
  const statuses: number[] = [];
  let from = 20;
  for (; statuses.length < count && from + 2 <= part.length; from += 2) statuses.push(...statusesIn(part.readUInt16BE(from)));
  let at = part.readIntBE(16, 3) * 64;
  const arrivals: Arrival[] = [];
  for (const [index, status] of statuses.slice(0, count).entries()) {
    const sequence = (first + index) & 0xffff;
    const bytes = status === arrivalStatus.short ? 1 : status === arrivalStatus.long ? 2 : 0;
    // The times of the rest are cut off.
    if (from + bytes > part.length) break;
    if (status === arrivalStatus.short) at += part.readUInt8(from) / 4;
    else if (status === arrivalStatus.long) at += part.readInt16BE(from) / 4;
    from += bytes;
    arrivals.push({ sequence, at: bytes === 0 ? undefined : at });
  }
  return arrivals;
}

/** A chunk tells one status for many packets, or those of 14 by a bit each, or of 7 by two. */
function statusesIn(chunk: number): number[] {
  if (chunk >> 15 === 0) return new Array<number>(chunk & 0x1fff).fill((chunk >> 13) & 3);
  const bits = (chunk >> 14) & 1 ? 2 : 1;
  return Array.from({ length: 14 / bits }, (_, index) => (chunk >> (14 - bits * (index + 1))) & (bits === 2 ? 3 : 1));
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
