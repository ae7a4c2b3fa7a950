import type { SignalData, SignalRelayed } from "@tether/protocol/frame/signal";
import { limits } from "@tether/protocol/limits";
import type { Received } from "@tether/protocol/peer";

const { unacked, ackEvery, ackAfterMs, resends } = limits.signal;

/** The wait in ms before the sender is told of a gap; it doubles each time after. S9 */
export const gapMs = 1_000;

/** The signals that one end received of one peer. `stream` is 0 until the first; all up to `seq` were handed on. */
export type Inbound = {
  readonly stream: number;
  readonly seq: number;
  /** Signals that came before their turn. */
  readonly early: ReadonlyMap<number, SignalData>;
  /** The instant since when a signal is missing, or at which the peer was last told so. */
  readonly gapAt: number | undefined;
  /** The number of times that the peer was told of this gap. */
  readonly asked: number;
  /** The number of new signals since this end last acknowledged. */
  readonly unacknowledged: number;
  /** The instant at which the first of them came; minus infinity after a double, whose sender waits for an acknowledgement. */
  readonly unacknowledgedSince: number | undefined;
};

export const nothingReceived: Inbound = {
  stream: 0,
  seq: 0,
  early: new Map(),
  gapAt: undefined,
  asked: 0,
  unacknowledged: 0,
  unacknowledgedSince: undefined,
};

type Numbered = Pick<SignalRelayed, "stream" | "seq" | "data">;
type Accepted = { readonly inbound: Inbound; readonly ready: readonly SignalData[] };

/** Takes a signal in, and answers the signals whose turn it is. S4 */
export function accept(inbound: Inbound, { stream, seq, data }: Numbered, at: number): Accepted {
  if (stream < inbound.stream) return { inbound, ready: [] };
  const from = stream === inbound.stream ? inbound : { ...nothingReceived, stream };
  // The signal is further ahead than a sender may be: the sender still keeps it, and will send it again.
  if (seq > from.seq + unacked) return { inbound: from, ready: [] };
  // The sender of a double does not know that it arrived. S14
  if (seq <= from.seq || from.early.has(seq)) return { inbound: { ...from, unacknowledgedSince: Number.NEGATIVE_INFINITY }, ready: [] };
  const early = new Map(from.early).set(seq, data);
  const ready: SignalData[] = [];
  let last = from.seq;
  for (let next = early.get(last + 1); next !== undefined; next = early.get(last + 1)) {
    last += 1;
    early.delete(last);
    ready.push(next);
  }
  const goesOn = ready.length > 0;
  const gapAt = early.size === 0 ? undefined : goesOn ? at : (from.gapAt ?? at);
  const unacknowledgedSince = from.unacknowledgedSince ?? at;
  return {
    inbound: {
      stream,
      seq: last,
      early,
      gapAt,
      asked: goesOn ? 0 : from.asked,
      unacknowledged: from.unacknowledged + 1,
      unacknowledgedSince,
    },
    ready,
  };
}

export function receivedOf({ stream, seq, early }: Inbound): Received | undefined {
  if (stream === 0) return undefined;
  return early.size === 0 ? { stream, seq } : { stream, seq, next: Math.min(...early.keys()) };
}

/** The peer is being told how far this end got. A gap that stays is told again later, a limited number of times. */
export function markReported(inbound: Inbound, at: number): Inbound {
  const { gapAt, asked } = inbound;
  const isAsked = gapAt !== undefined && at - gapAt >= gapMs;
  return {
    ...inbound,
    gapAt: gapAt === undefined ? undefined : at,
    asked: isAsked ? asked + 1 : asked,
    unacknowledged: 0,
    unacknowledgedSince: undefined,
  };
}

/** When the peer must be told how far this end got, if it has nothing else to say to it. S9, S14 */
export function ackDueAt({ unacknowledged, unacknowledgedSince, gapAt, asked }: Inbound): number {
  if (unacknowledged >= ackEvery) return Number.NEGATIVE_INFINITY;
  const gapDueAt = gapAt === undefined || asked >= resends ? Number.POSITIVE_INFINITY : gapAt + gapMs * 2 ** asked;
  return Math.min(gapDueAt, unacknowledgedSince === undefined ? Number.POSITIVE_INFINITY : unacknowledgedSince + ackAfterMs);
}
