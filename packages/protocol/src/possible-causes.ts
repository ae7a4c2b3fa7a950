import { Cause } from "./cause.ts";
import { limits } from "./limits.ts";
import type { Evidence } from "./timeline.ts";

/** The facts of an ending, of a robot's session or a client's. */
export type Known = {
  readonly cause: Cause;
  readonly inferred: boolean;
  readonly evidence?: Evidence | undefined;
  readonly kind: "robot" | "client";
};

/** An end whose process was gone, or stood still, leaves the same trace as one whose network was gone. */
const silent = {
  robot: ["power.lost", "agent.killed", "agent.crashed", "agent.hung"],
  client: ["connection.closed"],
} as const satisfies Record<Known["kind"], readonly Cause[]>;

/** Connections end this much before or after the gateway's limits, in ms. */
const slackMs = 60_000;

/**
 * The causes that fit what is known of an inferred ending, the told one first; of an ending that somebody vouched for, none. A close code is
 * what the gateway saw; without one it had to be asked, and the connection may have ended at any time since `lastSeenAt`.
 */
export function possibleCauses({ cause, inferred, evidence = {}, kind }: Known): readonly Cause[] {
  // The grace itself is over for sure; why it began may have been inferred.
  const awayFor = cause === "grace.over" && evidence.concluded === true ? Cause.safeParse(evidence.awayFor) : undefined;
  if (awayFor?.success) return possibleCauses({ cause: awayFor.data, inferred: true, evidence, kind });
  if (!inferred) return [];
  const { closeCode, connectionAgeMs: ageMs = 0 } = evidence;
  const reached = (limitMs: number) => typeof ageMs === "number" && ageMs >= limitMs - slackMs;
  const limitsReached: Cause[] = [
    ...(reached(limits.gateway.connectionLifeMs) ? ["gateway.cap" as const] : []),
    ...(reached(limits.gateway.idleMs) ? ["gateway.idle" as const] : []),
  ];
  const fitting: readonly Cause[] =
    closeCode === 1006
      ? ["connection.lost", ...silent[kind]]
      : closeCode === 1001
        ? ["gateway.closed", ...limitsReached, "connection.lost", ...silent[kind]]
        : ["connection.lost", ...silent[kind], "connection.closed", "gateway.closed", ...limitsReached];
  return [...new Set([cause, ...fitting])];
}

const phrases: { readonly [C in Cause]?: string } = {
  "connection.lost": "the network on that side",
  "connection.closed": "that side closed its connection",
  "power.lost": "its power went",
  "agent.killed": "its agent was killed",
  "agent.crashed": "its agent crashed",
  "agent.hung": "its agent hung",
  "gateway.idle": "the gateway's limit for silence",
  "gateway.cap": "the gateway's limit of 2 hours",
  "gateway.closed": "the gateway itself",
};

/** The possible causes beside the told cause, in a sentence; empty where there is none. */
export function describePossible(possible: readonly Cause[]): string {
  const others = possible.slice(1).map((cause) => phrases[cause] ?? cause);
  return others.length === 0 ? "" : `It may also be: ${others.join(", ")}.`;
}
