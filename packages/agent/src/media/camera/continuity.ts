import type { RtpHeader } from "../rtp.ts";

/** The ticks of an RTP timestamp in a ms: all video has 90 kHz, and Opus has 48 (RFC 7587 §4.1). */
export const ticksPerMs = { video: 90, opus: 48 } as const;

/** A gap of more packets than this is no loss but another stream. */
const gapMost = 1_000;

/**
 * Makes one stream of a source that is started again and again: sequence numbers and timestamps go on where they were. Gaps within a run
 * stay, because the receiver must notice what was lost before the sender.
 */
export function createContinuity(ticks: number = ticksPerMs.video) {
  let sequence = 0;
  let lastSequence: number | undefined;
  let offset = 0;
  let last: { readonly timestamp: number; readonly at: number } | undefined;

  return {
    /** The source was started again. */
    restart() {
      lastSequence = undefined;
    },
    /** The header with which the packet is sent on. `now` in ms. */
    next(header: RtpHeader, now: number): RtpHeader {
      const gap = lastSequence === undefined ? 1 : (header.sequence - lastSequence) & 0xffff;
      if (lastSequence === undefined && last) offset = last.timestamp + Math.round((now - last.at) * ticks) - header.timestamp;
      lastSequence = header.sequence;
      sequence = (sequence + (gap > 0 && gap < gapMost ? gap : 1)) & 0xffff;
      const timestamp = (header.timestamp + offset) >>> 0;
      last = { timestamp, at: now };
      return { ...header, sequence, timestamp };
    },
  };
}
