import type { Cause } from "@tether/protocol/cause";
import { type Entry, endingsIn } from "@tether/sdk/timeline/endings";
import { type Flap, flapsIn } from "@tether/sdk/timeline/flap";

export type { Entry };

/** A time during which a robot or an operator was cut off without wanting to be. Without `backAt` it has not come back. */
export type Outage = {
  readonly side: "robot" | "operator";
  readonly cause: Cause;
  /** Nobody vouched for the cause; `possible` has all that fit, the told one first. */
  readonly inferred: boolean;
  readonly possible: readonly Cause[];
  readonly at: number;
  readonly backAt?: number;
  /** Of a path that flapped, which is one outage: how often it was cut, and how long that took without the time in which it held. */
  readonly flapped?: Pick<Flap, "cuts" | "awayMs">;
};

/** Endings that somebody decided on, and openings that never became a session. */
const noOutage: ReadonlySet<Cause> = new Set([
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

/** Finds the outages in entries of a timeline, the oldest first. A path that flaps is one. */
export function outagesIn(entries: readonly Entry[]): readonly Outage[] {
  const outages: Outage[] = [];
  const flaps = new Map(flapsIn(entries).flatMap((flap) => flap.items.map((item) => [item, flap])));
  /** The index in `outages` of each flap. */
  const positions = new Map<Flap, number>();
  /** The index in `outages` of the outage that has not ended: of the robot, or of an operator by user. */
  const open = new Map<string, number>();
  /** Sessions that are away, whose outage was counted: another page of the same operator may have come online since. */
  const away = new Set<string>();
  const endings = endingsIn(entries).values();
  for (const entry of entries) {
    const { type, session, cause: said, user, at, evidence } = entry;
    if (session === undefined) continue;
    const side = isRobots(session) ? "robot" : "operator";
    const who = side === "robot" ? side : (user?.id ?? session);
    const index = open.get(who);
    const unended = index === undefined ? undefined : outages[index];
    if (type === "session.online" || type === "session.resumed") {
      if (index !== undefined && unended) outages[index] = { ...unended, backAt: at };
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
    if (!noOutage.has(cause) && !unended && !isCounted) {
      // The entry that said it went away may be older than what was read; the end of its grace says when that was.
      const since = said === "grace.over" ? (evidence?.awaySince ?? evidence?.lastSeenAt) : undefined;
      const flap = flaps.get(entry);
      const position = (flap && positions.get(flap)) ?? outages.length;
      open.set(who, position);
      const begun = outages[position];
      if (begun) {
        const { backAt: _, ...again } = begun;
        outages[position] = again;
        continue;
      }
      if (flap) positions.set(flap, position);
      outages.push({
        side,
        cause,
        inferred: flap?.inferred ?? inferred,
        possible,
        at: typeof since === "number" ? since : at,
        ...(flap && { flapped: { cuts: flap.cuts, awayMs: flap.awayMs } }),
      });
    } else if (type === "session.ended" && noOutage.has(cause)) open.delete(who);
  }
  return outages;
}

export function isRobots(session: string): boolean {
  return session.startsWith("rse_");
}
