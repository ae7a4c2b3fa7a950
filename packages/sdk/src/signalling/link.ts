import type { Peer } from "@tether/protocol/peer";
import { type Inbound, nothing } from "./inbound.ts";
import { type Outbound, silent } from "./outbound.ts";

/** All that is kept about one peer. */
export type Link = {
  /** Unknown while signals of it came before word of it. */
  readonly peer: Peer | undefined;
  readonly outbound: Outbound;
  readonly inbound: Inbound;
};

export const fresh: Link = { peer: undefined, outbound: silent, inbound: nothing };

/**
 * Both epochs only grow, and a stream begins anew only when one end starts afresh, which takes a new connection and so a
 * higher epoch of that end: their sum is higher than that of any stream before, without anything being remembered. S3
 */
export function streamNumber(ownEpoch: number, peer: Peer): number {
  return ownEpoch + peer.epoch;
}

/** Whether word of a peer is older than what is known: frames come in any order, epochs only grow. */
export function isStale(known: Peer | undefined, word: Pick<Peer, "epoch" | "state">): boolean {
  if (!known) return false;
  // Away ends an epoch: the same epoch does not come back online.
  return word.epoch < known.epoch || (word.epoch === known.epoch && known.state === "away" && word.state === "online");
}

/** Whether the peer's memory is gone. One whose instance was never told is taken for the same. */
export function isReborn(known: Peer | undefined, peer: Peer): boolean {
  return known?.instance !== undefined && peer.instance !== undefined && known.instance !== peer.instance;
}
