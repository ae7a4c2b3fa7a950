import { limits } from "@tether/protocol/limits";

/** Counts of what the gateway is paid for, and of what it turned away. */
export type Counts = {
  connects: number;
  /** Handshakes above the rate of new connections, which are not paid for. */
  refused: number;
  messagesIn: number;
  messagesOut: number;
  pings: number;
  billedMessages: number;
};

export function createCounts(): Counts {
  return { connects: 0, refused: 0, messagesIn: 0, messagesOut: 0, pings: 0, billedMessages: 0 };
}

/** Messages are metered in steps of 32 KB, both ways (aws.amazon.com/api-gateway/pricing). */
export function bill(counts: Counts, direction: "messagesIn" | "messagesOut", bytes: number): void {
  counts[direction]++;
  counts.billedMessages += Math.max(1, Math.ceil(bytes / limits.gateway.frameBytes));
}
