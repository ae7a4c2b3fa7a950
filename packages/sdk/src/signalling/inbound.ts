import type { SignalData, SignalRelayed } from "@tether/protocol/frame/signal";
import { limits } from "@tether/protocol/limits";
import type { Received } from "@tether/protocol/peer";

/** How long a gap is waited for before the sender is told, in ms. S9 */
export const gapMs = 1_000;

/** What one end has of one peer's signals. `stream` is 0 until the first; all up to `seq` were handed on. */
export type Inbound = {
  readonly stream: number;
  readonly seq: number;
  /** Came before their turn. */
  readonly early: ReadonlyMap<number, SignalData>;
  /** Since when a signal is missing, or when that was last said. */
  readonly gapAt: number | undefined;
  /** New signals since this end last told how far it got. */
  readonly untold: number;
};

export const nothing: Inbound = { stream: 0, seq: 0, early: new Map(), gapAt: undefined, untold: 0 };

type Place = Pick<SignalRelayed, "stream" | "seq" | "data">;

/** Takes a signal in, and answers those whose turn it is. S4 */
export function accept(inbound: Inbound, { stream, seq, data }: Place, at: number): { inbound: Inbound; ready: readonly SignalData[] } {
  if (stream < inbound.stream) return { inbound, ready: [] };
  const from = stream === inbound.stream ? inbound : { ...nothing, stream };
  // Further ahead than a sender may be: it still has it, and will send it again.
  const useless = seq <= from.seq || from.early.has(seq) || seq > from.seq + limits.signal.unacked;
  if (useless) return { inbound: from, ready: [] };
  const early = new Map(from.early).set(seq, data);
  const ready: SignalData[] = [];
  let last = from.seq;
  for (let next = early.get(last + 1); next !== undefined; next = early.get(last + 1)) {
    last += 1;
    early.delete(last);
    ready.push(next);
  }
  const gapAt = early.size === 0 ? undefined : ready.length > 0 ? at : (from.gapAt ?? at);
  return { inbound: { stream, seq: last, early, gapAt, untold: from.untold + 1 }, ready };
}

export function receivedOf({ stream, seq }: Inbound): Received | undefined {
  return stream === 0 ? undefined : { stream, seq };
}

/** The peer is being told how far this end got. A gap that stays is told again after a while. */
export function told(inbound: Inbound, at: number): Inbound {
  return { ...inbound, untold: 0, gapAt: inbound.gapAt === undefined ? undefined : at };
}

/** When the peer must be told how far this end got, if it has nothing else to say to it. S9 */
export function ackDueAt({ untold, gapAt }: Inbound): number {
  if (untold >= limits.signal.ackEvery) return Number.NEGATIVE_INFINITY;
  return gapAt === undefined ? Number.POSITIVE_INFINITY : gapAt + gapMs;
}
