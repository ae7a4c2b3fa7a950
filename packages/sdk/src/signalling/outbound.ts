import type { SignalData } from "@tether/protocol/frame/signal";
import { limits } from "@tether/protocol/limits";
import type { Received } from "@tether/protocol/peer";

/** A signal kept until the peer has it. `againAt`: when it is to be sent once more. */
export type Kept = { readonly seq: number; readonly data: SignalData; readonly sentAt: number; readonly againAt?: number };

/** What one end sends to one peer. `stream` is 0 until there is one. */
export type Outbound = { readonly stream: number; readonly last: number; readonly kept: readonly Kept[] };

export const silent: Outbound = { stream: 0, last: 0, kept: [] };

export function isFull({ kept }: Outbound): boolean {
  return kept.length >= limits.signal.unacked;
}

/** Numbers a signal and keeps it. `stream` is the number the stream gets if this is its first signal. S3 */
export function push(outbound: Outbound, stream: number, data: SignalData, at: number): Outbound {
  const seq = outbound.last + 1;
  return { stream: outbound.stream || stream, last: seq, kept: [...outbound.kept, { seq, data, sentAt: at }] };
}

/** Drops what the peer has. Word of another stream, or one older than what is known, changes nothing. S5 */
export function acknowledge(outbound: Outbound, received: Received | undefined): Outbound {
  if (!received || received.stream !== outbound.stream || !outbound.kept.some(({ seq }) => seq <= received.seq)) return outbound;
  return { ...outbound, kept: outbound.kept.filter(({ seq }) => seq > received.seq) };
}

/** Marks signals to be sent again, at once or later. */
export function mark(outbound: Outbound, at: number, which: (kept: Kept) => boolean = () => true): Outbound {
  return { ...outbound, kept: outbound.kept.map((kept) => (which(kept) ? { ...kept, againAt: at } : kept)) };
}

/** Takes out what is to be sent again by now. */
export function due(outbound: Outbound, at: number): { readonly outbound: Outbound; readonly again: readonly Kept[] } {
  const again = outbound.kept.filter(({ againAt }) => againAt !== undefined && againAt <= at);
  if (again.length === 0) return { outbound, again };
  const kept = outbound.kept.map((one) => (again.includes(one) ? { seq: one.seq, data: one.data, sentAt: at } : one));
  return { outbound: { ...outbound, kept }, again };
}

export function nextDueAt({ kept }: Outbound): number {
  return kept.reduce((earliest, { againAt }) => Math.min(earliest, againAt ?? Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
}
