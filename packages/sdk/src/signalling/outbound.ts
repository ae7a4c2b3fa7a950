import type { SignalData } from "@tether/protocol/frame/signal";
import { limits } from "@tether/protocol/limits";
import type { Received } from "@tether/protocol/peer";

const { unacked, unheardMs, resends, resendWindow } = limits.signal;

/** Wait before a signal that was refused for the moment, or lies in a gap, is sent again for the first time, in ms. */
export const againMs = 1_000;
/** The wait doubles with each time up to this, in ms. */
const longestMs = 30_000;

/**
 * A signal kept until the peer has it. `resent` counts how often it was sent again since one of the two ends last came online;
 * `againAt` says when it is to be sent once more, whatever is acknowledged until then.
 */
export type Kept = {
  readonly seq: number;
  readonly data: SignalData;
  readonly sentAt: number;
  readonly resent: number;
  readonly againAt?: number;
};

/** The signals that one end sends to one peer. `stream` is 0 until there is one. */
export type Outbound = { readonly stream: number; readonly last: number; readonly kept: readonly Kept[] };

export const nothingSent: Outbound = { stream: 0, last: 0, kept: [] };

export function isFull({ kept }: Outbound): boolean {
  return kept.length >= unacked;
}

/** Numbers a signal and keeps it. `stream` is the number the stream gets if this is its first signal. S3 */
export function push(outbound: Outbound, stream: number, data: SignalData, at: number): Outbound {
  const seq = outbound.last + 1;
  return { stream: outbound.stream || stream, last: seq, kept: [...outbound.kept, { seq, data, sentAt: at, resent: 0 }] };
}

/** Drops what the peer has. Word of another stream, or one older than what is known, changes nothing. S5 */
export function acknowledge(outbound: Outbound, received: Received | undefined): Outbound {
  if (!received || received.stream !== outbound.stream || !outbound.kept.some(({ seq }) => seq <= received.seq)) return outbound;
  return { ...outbound, kept: outbound.kept.filter(({ seq }) => seq > received.seq) };
}

function mark(outbound: Outbound, change: (kept: Kept) => Kept): Outbound {
  return { ...outbound, kept: outbound.kept.map(change) };
}

/** A reconnect of either end: everything the peer has not received is to be sent again, and counts anew. S6, S8 */
export function resendAll(outbound: Outbound, at: number): Outbound {
  return mark(outbound, (kept) => ({ ...kept, resent: 0, againAt: at }));
}

const waitMs = (firstMs: number, resent: number) => firstMs * 2 ** resent;

/** The broker or the gateway could not take these for the moment: there is no end to trying, only a longest wait. */
export function postpone(outbound: Outbound, at: number, which: (kept: Kept) => boolean = () => true): Outbound {
  return mark(outbound, (kept) => (which(kept) ? { ...kept, againAt: at + Math.min(waitMs(againMs, kept.resent), longestMs) } : kept));
}

/**
 * The peer said how far it got, and up to where it misses what follows; where it named no gap, only the next may be missing. A signal that was sent
 * again too lately, or too often, is not sent again at its word. S9
 */
export function fill(outbound: Outbound, { seq, next = seq + 2 }: Received, at: number): Outbound {
  const isMissing = (kept: Kept) => kept.seq > seq && kept.seq < next && kept.resent < resends;
  return mark(outbound, (kept) => (isMissing(kept) && at - kept.sentAt >= waitMs(againMs, kept.resent) ? { ...kept, againAt: at } : kept));
}

/** When the oldest signal is to be sent again since nobody acknowledged it; it alone, for its answer tells of all others. S13 */
function unacknowledgedAt([oldest]: readonly Kept[]): number {
  if (!oldest || oldest.resent >= resends) return Number.POSITIVE_INFINITY;
  return oldest.sentAt + waitMs(unheardMs, oldest.resent);
}

type Due = { readonly outbound: Outbound; readonly again: readonly Kept[]; readonly isUnacknowledged: boolean };

/** Takes out what is to be sent again by now. `isUnacknowledged`: the peer has been silent about the oldest for too long. */
export function due(outbound: Outbound, at: number): Due {
  const isUnacknowledged = unacknowledgedAt(outbound.kept) <= at;
  const again = outbound.kept
    .slice(0, resendWindow)
    .filter(({ againAt = Number.POSITIVE_INFINITY }, index) => againAt <= at || (index === 0 && isUnacknowledged));
  if (again.length === 0) return { outbound, again, isUnacknowledged };
  const kept = outbound.kept.map((one): Kept => {
    if (!again.includes(one)) return one;
    return { seq: one.seq, data: one.data, sentAt: at, resent: one.resent + 1 };
  });
  return { outbound: { ...outbound, kept }, again, isUnacknowledged };
}

export function nextDueAt({ kept }: Outbound): number {
  const marked = kept.slice(0, resendWindow).map(({ againAt = Number.POSITIVE_INFINITY }) => againAt);
  return Math.min(unacknowledgedAt(kept), ...marked);
}
