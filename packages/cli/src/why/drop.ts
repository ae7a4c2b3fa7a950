import type { Cause } from "@tether/protocol/cause";
import { type Entry, endingsIn } from "@tether/sdk/timeline/endings";
import { type Flap, flapsIn } from "@tether/sdk/timeline/flap";

export type { Entry };

/** A time during which a robot or an operator was cut off without wanting to be. Without `backAt` it has not come back. */
export type Drop = {
  readonly side: "robot" | "operator";
  readonly cause: Cause;
  /** Nobody vouched for the cause; `possible` has all that fit, the told one first. */
  readonly inferred: boolean;
  readonly possible: readonly Cause[];
  readonly at: number;
  readonly backAt?: number;
  /** Of a path that flapped, which is one drop: how often it was cut, and how long that took without the time in which it held. */
  readonly flapped?: Pick<Flap, "cuts" | "awayMs">;
};

/** Endings that somebody decided on, and openings that never became a session. */
const noDrop: ReadonlySet<Cause> = new Set([
  "client.left",
  "robot.left",
  "admin.ended",
  "agent.updated",
  "grant.removed",
  "credential.revoked",
  "user.revoked",
  "robot.deleted",
  "superseded",
  "place.taken",
  "opening.lapsed",
]);

/** Finds the drops in entries of a timeline, the oldest first. A path that flaps is one. */
export function dropsIn(entries: readonly Entry[]): readonly Drop[] {
  const drops: Drop[] = [];
  const flaps = new Map(flapsIn(entries).flatMap((flap) => flap.items.map((item) => [item, flap])));
  /** Where in `drops` the one is that a flap is. */
  const places = new Map<Flap, number>();
  /** Where in `drops` the one is that has not come back: of a robot, or of an operator by user. */
  const open = new Map<string, number>();
  /** Sessions that are away, whose drop was counted: another page of the same operator may have come online since. */
  const away = new Set<string>();
  const endings = endingsIn(entries).values();
  for (const entry of entries) {
    const { type, session, cause: said, user, at, evidence } = entry;
    if (session === undefined) continue;
    const side = isRobots(session) ? "robot" : "operator";
    const who = side === "robot" ? side : (user?.id ?? session);
    const index = open.get(who);
    const dropped = index === undefined ? undefined : drops[index];
    if (type === "session.online" || type === "session.resumed") {
      if (index !== undefined && dropped) drops[index] = { ...dropped, backAt: at };
      open.delete(who);
      away.delete(session);
      continue;
    }
    if ((type !== "session.away" && type !== "session.ended") || said === undefined) continue;
    const { value: ending } = endings.next();
    if (ending === undefined) continue;
    const { cause, inferred, possible } = ending;
    const isCounted = type === "session.ended" && away.has(session);
    if (type === "session.away") away.add(session);
    if (!noDrop.has(cause) && !dropped && !isCounted) {
      // The entry that said it went away may be older than what was read; the end of its grace says when that was.
      const since = said === "grace.over" ? (evidence?.awaySince ?? evidence?.lastSeenAt) : undefined;
      const flap = flaps.get(entry);
      const place = (flap && places.get(flap)) ?? drops.length;
      open.set(who, place);
      const begun = drops[place];
      if (begun) {
        const { backAt: _, ...again } = begun;
        drops[place] = again;
        continue;
      }
      if (flap) places.set(flap, place);
      drops.push({
        side,
        cause,
        inferred: flap?.inferred ?? inferred,
        possible,
        at: typeof since === "number" ? since : at,
        ...(flap && { flapped: { cuts: flap.cuts, awayMs: flap.awayMs } }),
      });
    } else if (type === "session.ended" && noDrop.has(cause)) open.delete(who);
  }
  return drops;
}

export function isRobots(session: string): boolean {
  return session.startsWith("rse_");
}
