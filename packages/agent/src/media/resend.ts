import type { Clock } from "@tether/sdk/clock";

/** Packets that are kept to be sent again. At 2 Mbit/s they are about 2 s. */
const keptMost = 512;
/** The share of the bitrate that goes to packets sent again: without a limit they keep a full path full, and no picture arrives at all. */
const share = 0.15;
/** The bytes that may be sent again at once. */
const burst = 20_000;

export type Resend = {
  /** Keeps a packet that is sent under this sequence number. */
  keep(sequence: number, packet: Buffer): void;
  /** The packet, if it may be sent again. `refused`: the path cannot take it, or it is gone, and only a keyframe helps. */
  take(sequence: number): Buffer | "refused";
};

/** Answers requests for lost packets, within a share of the bitrate, in bits per second. */
export function createResend(clock: Pick<Clock, "now">, bitrate: () => number): Resend {
  const kept = new Map<number, Buffer>();
  let allowed = burst;
  let filledAt = clock.now();
  return {
    keep(sequence, packet) {
      kept.set(sequence, packet);
      kept.delete((sequence - keptMost) & 0xffff);
    },
    take(sequence) {
      const now = clock.now();
      allowed = Math.min(burst, allowed + ((now - filledAt) / 8_000) * bitrate() * share);
      filledAt = now;
      const packet = kept.get(sequence);
      if (!packet || packet.length > allowed) return "refused";
      allowed -= packet.length;
      return packet;
    },
  };
}
