import type { SignalData, SignalRelayed } from "@tether/protocol/frame/signal";
import { limits } from "@tether/protocol/limits";
import type { Received } from "@tether/protocol/peer";

const { unacked, ackEvery, ackAfterMs, resends } = limits.signal;

/** How long a gap is waited for before the sender is told, in ms; each time after twice as long. S9 */
export const gapMs = 1_000;

/** What one end has of one peer's signals. `stream` is 0 until the first; all up to `seq` were handed on. */
export type Inbound = {
  readonly stream: number;
  readonly seq: number;
  /** Came before their turn. */
  readonly early: ReadonlyMap<number, SignalData>;
  /** Since when a signal is missing, or when that was last said. */
  readonly gapAt: number | undefined;
  /** How often it was said of this gap. */
  readonly asked: number;
  /** New signals since this end last told how far it got. */
  readonly untold: number;
  /** When the first of them came; long ago where one came that was there already, whose sender waits for word. */
  readonly untoldAt: number | undefined;
};

export const nothing: Inbound = {
  stream: 0,
  seq: 0,
  early: new Map(),
  gapAt: undefined,
  asked: 0,
  untold: 0,
  untoldAt: undefined,
};

type Place = Pick<SignalRelayed, "stream" | "seq" | "data">;
type Accepted = { readonly inbound: Inbound; readonly ready: readonly SignalData[] };

/** Takes a signal in, and answers those whose turn it is. S4 */
export function accept(inbound: Inbound, { stream, seq, data }: Place, at: number): Accepted {
  if (stream < inbound.stream) return { inbound, ready: [] };
  const from = stream === inbound.stream ? inbound : { ...nothing, stream };
  // Further ahead than a sender may be: it still has it, and will send it again.
  if (seq > from.seq + unacked) return { inbound: from, ready: [] };
  // Its sender does not know that it is here. S14
  if (seq <= from.seq || from.early.has(seq)) return { inbound: { ...from, untoldAt: Number.NEGATIVE_INFINITY }, ready: [] };
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
  const untoldAt = from.untoldAt ?? at;
  return { inbound: { stream, seq: last, early, gapAt, asked: goesOn ? 0 : from.asked, untold: from.untold + 1, untoldAt }, ready };
}

export function receivedOf({ stream, seq, early }: Inbound): Received | undefined {
  if (stream === 0) return undefined;
  return early.size === 0 ? { stream, seq } : { stream, seq, next: Math.min(...early.keys()) };
}

/** The peer is being told how far this end got. A gap that stays is told again after a while, and not for ever. */
export function told(inbound: Inbound, at: number): Inbound {
  const { gapAt, asked } = inbound;
  const isAsked = gapAt !== undefined && at - gapAt >= gapMs;
  return { ...inbound, gapAt: gapAt === undefined ? undefined : at, asked: isAsked ? asked + 1 : asked, untold: 0, untoldAt: undefined };
}

/** When the peer must be told how far this end got, if it has nothing else to say to it. S9, S14 */
export function ackDueAt({ untold, untoldAt, gapAt, asked }: Inbound): number {
  if (untold >= ackEvery) return Number.NEGATIVE_INFINITY;
  const gapDueAt = gapAt === undefined || asked >= resends ? Number.POSITIVE_INFINITY : gapAt + gapMs * 2 ** asked;
  return Math.min(gapDueAt, untoldAt === undefined ? Number.POSITIVE_INFINITY : untoldAt + ackAfterMs);
}
