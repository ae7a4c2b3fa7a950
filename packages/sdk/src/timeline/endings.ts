import { Cause } from "@tether/protocol/cause";
import type { TimelinePage } from "@tether/protocol/http";
import { possibleCauses } from "@tether/protocol/possible-causes";

export type Entry = TimelinePage["items"][number];

/** A session that went away or ended, with its cause by all that is on the timeline, also by what was said later. */
export type TimelineEnding = {
  /** The entry that said so first. */
  readonly entry: Entry;
  readonly session: string;
  readonly kind: "robot" | "client";
  readonly type: "session.away" | "session.ended";
  readonly at: number;
  readonly cause: Cause;
  readonly inferred: boolean;
  /** The causes that fit, the told one first, where it was inferred. */
  readonly possible: readonly Cause[];
};

const arrivals: ReadonlySet<string> = new Set(["session.online", "session.resumed", "session.superseded", "session.contested"]);

/**
 * The endings in entries of a timeline, the oldest first. What the gateway says late, and what an end says when it comes back counts for more than what the gateway saw: a
 * robot tells what ended its run, and an instance that goes on was only cut off.
 */
export function endingsIn(entries: readonly Entry[]): readonly TimelineEnding[] {
  const endings: TimelineEnding[] = [];
  const instances = new Map<string, unknown>();
  /** The endings of an end since it was last online, by their indexes in `endings`. */
  const open = new Map<string, number[]>();
  for (const entry of entries) {
    const { type, session, cause } = entry;
    if (session === undefined) continue;
    const kind = session.startsWith("rse_") ? "robot" : "client";
    const end = kind === "robot" ? kind : session;
    const indexes = open.get(end) ?? [];
    if (arrivals.has(type)) {
      const isSame = instances.get(end) !== undefined && instances.get(end) === entry.evidence?.instance;
      const explain = (index: number) => {
        const found = endings[index];
        if (found) endings[index] = explained(found, entry, isSame);
      };
      indexes.forEach(explain);
      open.delete(end);
      instances.set(end, entry.evidence?.instance);
    } else if (type === "session.explained" && cause !== undefined) {
      for (const index of indexes) {
        const found = endings[index];
        if (found) endings[index] = { ...found, ...known(entry, cause, kind) };
      }
    } else if ((type === "session.away" || type === "session.ended") && cause !== undefined) {
      const before = endings[indexes.at(-1) ?? -1];
      open.set(end, [...indexes, endings.length]);
      endings.push({
        entry,
        session,
        kind,
        type,
        at: entry.at,
        ...(cause === "grace.over" ? overdue(entry, before, kind) : known(entry, cause, kind)),
      });
    }
  }
  return endings;
}

type Explanation = Pick<TimelineEnding, "cause" | "inferred" | "possible">;

function known({ inferred, evidence }: Entry, cause: Cause, kind: TimelineEnding["kind"]): Explanation {
  return { cause, inferred, possible: possibleCauses({ cause, inferred, evidence, kind }) };
}

/** The end of the grace has the cause for which the session was away. */
function overdue({ session, evidence }: Entry, before: TimelineEnding | undefined, kind: TimelineEnding["kind"]): Explanation {
  if (before && before.session === session) return { cause: before.cause, inferred: before.inferred, possible: before.possible };
  const awayFor = Cause.safeParse(evidence?.awayFor);
  const cause = awayFor.success ? awayFor.data : "grace.over";
  const inferred = evidence?.concluded === true;
  return { cause, inferred, possible: possibleCauses({ cause, inferred, evidence, kind }) };
}

/** The causes for which the process of an end is over; an instance that comes back rules them out. */
export const fatal: ReadonlySet<Cause> = new Set(["power.lost", "agent.killed", "agent.crashed", "agent.hung", "connection.closed"]);

/** The ending as it is once its end came back. */
function explained(ending: TimelineEnding, { cause, evidence }: Entry, isSameInstance: boolean): TimelineEnding {
  const { possible } = ending;
  const wasOffline = evidence?.offline === true;
  if (cause === "agent.updated" && ending.cause === "robot.left") return { ...ending, cause };
  if (cause !== undefined && !wasOffline && possible.includes(cause)) return { ...ending, cause, inferred: false, possible: [] };
  if (!ending.inferred || !(isSameInstance || wasOffline)) return ending;
  const left = possible.filter((one) => !fatal.has(one));
  const [only] = left;
  return left.length === 1 && only !== undefined
    ? { ...ending, cause: only, inferred: false, possible: [] }
    : { ...ending, cause: only ?? ending.cause, possible: left };
}
