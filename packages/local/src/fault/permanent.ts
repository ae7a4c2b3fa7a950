import type { Fault } from "./fault.ts";

/**
 * The limits that AWS keeps at all times, by the quotas it documents: in force unless one of the same name is set in its place. With a `share`
 * below 1 the account is that much smaller.
 */
export function permanentFaults(isVirtual: boolean, share = 1): readonly Fault[] {
  return [
    // A transaction on some items takes about as long.
    { name: "store.overlap", holdMs: 8 },
    { name: "store.capacity", writes: 1_000 * share, reads: 3_000 * share, burstS: 300 },
    { name: "account.requests", perSecond: 10_000 * share, burst: 5_000 * share },
    { name: "lambda.concurrency", atOnce: 1_000 * share },
    // In real time nobody can tell when an index has caught up: what it shows would depend on the machine's speed.
    ...(isVirtual ? [{ name: "index.lag", ms: 20 } as const] : []),
  ];
}
