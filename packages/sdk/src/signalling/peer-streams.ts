import { limits } from "@tether/protocol/limits";
import type { Peer } from "@tether/protocol/peer";
import { type Inbound, nothingReceived } from "./inbound.ts";
import { nothingSent, type Outbound } from "./outbound.ts";

/** Everything that is kept about one peer. */
export type PeerStreams = {
  /** Undefined while only signals of the peer came, and no `peer.online` yet. */
  readonly peer: Peer | undefined;
  readonly outbound: Outbound;
  readonly inbound: Inbound;
  /** When the broker is to be asked about a peer that is taken for away, and how often it was. */
  readonly check: AwayCheck | undefined;
};

export type AwayCheck = { readonly at: number; readonly asked: number };

export const noStreams: PeerStreams = { peer: undefined, outbound: nothingSent, inbound: nothingReceived, check: undefined };

/**
 * The two epochs only grow, and a stream begins anew only when one end starts afresh, which takes a new connection and so a
 * higher epoch of that end: their sum is higher than that of any stream before, without anything being remembered. S3
 */
export function streamNumber(ownEpoch: number, peer: Peer): number {
  return ownEpoch + peer.epoch;
}

/** Answers whether news of a peer is older than what is known: frames come in any order, epochs only grow. */
export function isStale(known: Peer | undefined, word: Pick<Peer, "epoch" | "state">): boolean {
  if (!known) return false;
  // Away ends an epoch: the same epoch does not come back online.
  return word.epoch < known.epoch || (word.epoch === known.epoch && known.state === "away" && word.state === "online");
}

/** Answers whether the peer is another instance, without any memory. A peer whose instance is unknown is taken for the same. */
export function isRestarted(known: Peer | undefined, peer: Peer): boolean {
  return known?.instance !== undefined && peer.instance !== undefined && known.instance !== peer.instance;
}

/** By `backBy` a peer that is away comes back or, at the sweeper's next run, ends: the frame that says which may be lost. S15 */
export function checkAfter({ state, backBy }: Pick<Peer, "state" | "backBy">, aheadMs: number): AwayCheck | undefined {
  return state === "away" && backBy !== undefined ? { at: backBy - aheadMs + limits.sweep.everyMs, asked: 0 } : undefined;
}

/** The next check where the answer to this one is lost as well, or says nothing new. */
export function checkAgain({ asked }: AwayCheck, at: number): AwayCheck {
  const wait = asked + 1 < limits.signal.resends ? limits.sweep.everyMs * 2 ** (asked + 1) : Number.POSITIVE_INFINITY;
  return { at: at + wait, asked: asked + 1 };
}
