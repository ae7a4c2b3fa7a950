import type { Cause } from "@tether/protocol/cause";
import type { TimelinePage } from "@tether/protocol/http";

export type Entry = TimelinePage["items"][number];

/** A time during which a robot or an operator was cut off without wanting to be. Without `backAt` it has not come back. */
export type Drop = {
  readonly side: "robot" | "operator";
  readonly cause: Cause;
  readonly at: number;
  readonly backAt?: number;
};

/** Endings that somebody decided on, and openings that never became a session. */
const noDrop: ReadonlySet<Cause> = new Set([
  "client.left",
  "robot.left",
  "admin.ended",
  "grant.removed",
  "credential.revoked",
  "user.revoked",
  "robot.deleted",
  "superseded",
  "place.taken",
  "opening.lapsed",
]);

/** Finds the drops in entries of a timeline, the oldest first. */
export function dropsIn(entries: readonly Entry[]): readonly Drop[] {
  const drops: Drop[] = [];
  /** Where in `drops` the one is that has not come back: of a robot, or of an operator by user. */
  const open = new Map<string, number>();
  for (const { type, session, cause, user, at, evidence } of entries) {
    if (session === undefined) continue;
    const side = isRobots(session) ? "robot" : "operator";
    const who = side === "robot" ? side : (user?.id ?? session);
    const index = open.get(who);
    const dropped = index === undefined ? undefined : drops[index];
    if (type === "session.online" || type === "session.resumed") {
      // A robot that comes back may know better than the broker what had happened to it.
      if (index !== undefined && dropped) drops[index] = { ...dropped, backAt: at, ...(cause && { cause }) };
      open.delete(who);
    } else if ((type === "session.away" || type === "session.ended") && cause && !noDrop.has(cause) && !dropped) {
      const { awayFor, lastSeenAt } = evidence ?? {};
      // The entry that said it went away is older than what was read, but the end of its grace repeats the cause.
      const first = cause === "grace.over" && typeof awayFor === "string" ? (awayFor as Cause) : cause;
      open.set(who, drops.length);
      drops.push({ side, cause: first, at: typeof lastSeenAt === "number" && cause === "grace.over" ? lastSeenAt : at });
    } else if (type === "session.ended" && cause && noDrop.has(cause)) open.delete(who);
  }
  return drops;
}

export function isRobots(session: string): boolean {
  return session.startsWith("rse_");
}
