import type { ControlPermit } from "@tether/protocol/control";
import { limits } from "@tether/protocol/limits";
import type { Broker, Holder } from "./state.ts";

const { trustMs } = limits.control;

type Dated = Pick<ControlPermit, "epoch" | "issuedAt" | "expiresAt">;

/**
 * R2, the 20 s rule: a permit that the broker does not vouch for is trusted for so long, by the robot's clock, from when the broker was
 * last heard to vouch for it or from when it was issued.
 */
export function trustedUntil(permit: Dated, broker: Broker): number {
  if (isVouched(permit, broker)) return Number.POSITIVE_INFINITY;
  const vouchedUntil = broker.epoch === permit.epoch ? broker.awayAt : Number.NEGATIVE_INFINITY;
  return Math.max(permit.issuedAt - broker.aheadMs, vouchedUntil) + trustMs;
}

/** Until when a permit is obeyed, by the robot's clock, unless a notice comes that it is over. */
export function validUntil(permit: Dated, broker: Broker): { readonly at: number; readonly over: "permit.over" | "signalling.away" } {
  const overAt = permit.expiresAt - broker.aheadMs;
  const trustedAt = trustedUntil(permit, broker);
  return overAt <= trustedAt ? { at: overAt, over: "permit.over" } : { at: trustedAt, over: "signalling.away" };
}

/** Whether the broker can be heard and its last notice names the permit's epoch. */
export function isVouched({ epoch }: Pick<Dated, "epoch">, { online, epoch: named }: Broker): boolean {
  return online && named === epoch;
}

/** A fresh permit is asked for only while the broker does not vouch for the one at hand. R3 */
export function asksAt(holder: Holder, broker: Broker): number {
  return isVouched(holder, broker) ? Number.POSITIVE_INFINITY : holder.askAt;
}
