import type { ControlGrant } from "@tether/protocol/control";
import { limits } from "@tether/protocol/limits";
import type { Broker, Holder } from "./state.ts";

const { trustMs } = limits.control;

type Dated = Pick<ControlGrant, "epoch" | "issuedAt" | "expiresAt">;

/** Until when a grant is obeyed, by the robot's clock, unless word comes that it is over. */
export function obeyedUntil(grant: Dated, broker: Broker): { readonly at: number; readonly over: "grant.over" | "signalling.away" } {
  const overAt = grant.expiresAt - broker.aheadMs;
  const named = broker.epoch === grant.epoch;
  const trustedAt = isVouched(grant, broker)
    ? Number.POSITIVE_INFINITY
    : Math.max(grant.issuedAt - broker.aheadMs, named ? broker.awayAt : Number.NEGATIVE_INFINITY) + trustMs; // R2
  return overAt <= trustedAt ? { at: overAt, over: "grant.over" } : { at: trustedAt, over: "signalling.away" };
}

/** Whether the broker can be heard and its last word names the grant's epoch. */
export function isVouched({ epoch }: Pick<Dated, "epoch">, { online, epoch: named }: Broker): boolean {
  return online && named === epoch;
}

/** A fresh grant is asked for only while it matters. R3 */
export function asksAt(holder: Holder, broker: Broker): number {
  return isVouched(holder, broker) ? Number.POSITIVE_INFINITY : holder.askAt;
}
