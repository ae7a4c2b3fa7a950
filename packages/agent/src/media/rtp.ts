/** The header extensions that are written into every packet of a camera, with the ids under which the description offers them (RFC 8285). */
export const extensions = {
  /** Lets a receiver that does not report when packets came estimate the path's capacity, which it reports as REMB. */
  sendTime: { id: 3, uri: "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time" },
  /** The number of the packet among all of the peer connection: the receiver reports when each came. */
  transportSequence: { id: 5, uri: "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01" },
  /** The frame is to be shown as soon as it is decoded: 20 to 30 ms less than with the receiver's own choice. */
  playoutDelay: { id: 6, uri: "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay" },
} as const;

/** The numbers under which a description has them; what it has not is not sent. */
export type ExtensionIds = { readonly [Name in keyof typeof extensions]?: number | undefined };

/** The numbers of this end's own offers. */
export const ownIds: ExtensionIds = {
  sendTime: extensions.sendTime.id,
  transportSequence: extensions.transportSequence.id,
  playoutDelay: extensions.playoutDelay.id,
};

/** The extensions that a description has, each with its number. */
export function entriesOf(ids: ExtensionIds): readonly (readonly [keyof typeof extensions, number])[] {
  return (Object.keys(extensions) as (keyof typeof extensions)[]).flatMap((name) => {
    const id = ids[name];
    return id === undefined ? [] : [[name, id] as const];
  });
}

/** The bits of an RTP packet's header (RFC 3550 §5.1) that senders look at. */
export type RtpHeader = { readonly timestamp: number; readonly sequence: number; readonly isLastOfFrame: boolean };

const fixedBytes = 12;

/** Reads a packet's header. RTCP, which may share the port (RFC 5761 §4), and what is no RTP is undefined. */
export function readRtp(packet: Buffer): RtpHeader | undefined {
  if (packet.length < fixedBytes || packet.readUInt8(0) >> 6 !== 2) return undefined;
  const second = packet.readUInt8(1);
  if (second >= 192 && second <= 223) return undefined;
  if (payloadStart(packet) > packet.length) return undefined;
  return { timestamp: packet.readUInt32BE(4), sequence: packet.readUInt16BE(2), isLastOfFrame: second >= 128 };
}

/** The first byte after the fixed header, the contributing sources and the header extension. */
function payloadStart(packet: Buffer): number {
  const first = packet.readUInt8(0);
  const start = fixedBytes + (first & 15) * 4;
  if ((first & 16) === 0) return start;
  return packet.length < start + 4 ? packet.length + 1 : start + 4 + packet.readUInt16BE(start + 2) * 4;
}

/** The payload of a packet, without the padding at its end. */
export function payloadOf(packet: Buffer): Buffer {
  const isPadded = (packet.readUInt8(0) & 0x20) !== 0;
  return packet.subarray(payloadStart(packet), isPadded ? packet.length - packet.readUInt8(packet.length - 1) : undefined);
}

export type Rewrite = {
  readonly payloadType: number;
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
  /** Among all packets of the peer connection. */
  readonly transportSequence: number;
  /** Any clock in ms: the receiver looks at differences alone. */
  readonly sentAt: number;
  readonly ids: ExtensionIds;
};

/** The packet as the peer connection's track sends it: with the negotiated payload type, its own counts, and this sender's extensions in place of the source's. */
export function rewriteRtp(packet: Buffer, { payloadType, ssrc, sequence, timestamp, transportSequence, sentAt, ids }: Rewrite): Buffer {
  const from = payloadStart(packet);
  const out = Buffer.allocUnsafe(fixedBytes + 16 + packet.length - from);
  packet.copy(out, 0, 0, fixedBytes);
  // Version and padding stay; the extension bit is set and there are no contributing sources.
  out.writeUInt8((packet.readUInt8(0) & 0xe0) | 0x10, 0);
  out.writeUInt8((packet.readUInt8(1) & 0x80) | payloadType, 1);
  out.writeUInt16BE(sequence, 2);
  out.writeUInt32BE(timestamp, 4);
  out.writeUInt32BE(ssrc, 8);
  out.writeUInt32BE(0xbede_0003, 12);
  // Seconds as 6.18 bits of fixed point.
  writeExtension(out, 16, ids.sendTime, Math.floor(((sentAt / 1_000) % 64) * 2 ** 18) & 0xff_ffff);
  writeExtension(out, 20, ids.playoutDelay, 0);
  out.writeUInt32BE(0, 24);
  if (ids.transportSequence !== undefined) {
    out.writeUInt8((ids.transportSequence << 4) | 1, 24);
    numberAgain(out, transportSequence);
  }
  packet.copy(out, 28, from);
  return out;
}

/** Gives a rewritten packet another number among all of the peer connection, since it is sent once more. */
export function numberAgain(rewritten: Buffer, transportSequence: number): void {
  if (rewritten.readUInt8(24) !== 0) rewritten.writeUInt16BE(transportSequence, 25);
}

/** Four bytes: the extension's number and three bytes of it, or padding (RFC 8285 §4.2). */
function writeExtension(out: Buffer, at: number, id: number | undefined, value: number): void {
  out.writeUInt8(id === undefined ? 0 : (id << 4) | 2, at);
  out.writeUIntBE(id === undefined ? 0 : value, at + 1, 3);
}
