import { createHash } from "node:crypto";
import type { Line } from "@tether/aws/invocation";
import { metricOf } from "@tether/aws/metric";
import { type Cause, causes } from "@tether/protocol/cause";
import { extract } from "../emf.ts";
import { invariants, type TimelineItem, wholeTimeline } from "../invariants.ts";
import { misdelivered } from "./signals.ts";
import type { Stage } from "./stage.ts";
import { closedConnections, contradicted } from "./truth.ts";
import type { Word } from "./witness.ts";

/** The findings of a run: what is wrong with it, in words, and how often everything happened. */
export type Findings = {
  readonly wrong: readonly string[];
  readonly causes: Readonly<Partial<Record<Cause, number>>>;
  readonly types: Readonly<Record<string, number>>;
  /** Of all timelines: the same for the same run. */
  readonly digest: string;
  readonly sessions: Readonly<Record<"robot" | "client", number>>;
};

/** Metrics of the service itself, which stand on no timeline. */
const offTimeline: ReadonlySet<string> = new Set(["SweepBacklog", "Throttled"]);

const parting = { "peer.away": "session.away", "peer.ended": "session.ended" } as const;

/** Metrics that say more than the timeline: what a crash took with it is missing, and nothing else. */
function overcounted(lines: readonly Line[], timelines: readonly TimelineItem[]): string[] {
  const befell = counted(timelines.flatMap((entry) => metricOf(entry) ?? []));
  const told: Record<string, number> = {};
  for (const { name, unit, value } of lines.flatMap(extract)) if (unit === "Count") told[name] = (told[name] ?? 0) + value;
  return Object.entries(told).flatMap(([name, count]) => {
    const known = offTimeline.has(name) ? count : (befell[name] ?? 0);
    return count <= known ? [] : [`${name} was counted ${count} times and happened ${known} times`];
  });
}

/** A frame that does not say why, who, and on what grounds. */
function unexplained({ to, frame }: Word): string[] {
  const { type, cause, actor, inferred, evidence } = frame;
  const isNamed = actor.id !== undefined || actor.type === "gateway" || actor.type === "system";
  const isComplete = Object.hasOwn(causes, cause) && isNamed && inferred !== undefined && evidence !== undefined;
  const isSaid = frame.type !== "bye" || (frame.says !== "" && frame.remedy !== "" && !frame.inferred);
  return isComplete && isSaid ? [] : [`${to} was told ${type} because of ${cause} by ${JSON.stringify(actor)}, inferred: ${inferred}`];
}

/** A peer that was told something else than the timeline says. */
function differing({ to, frame }: Word, entries: ReadonlyMap<string, TimelineItem>): string[] {
  if (frame.type === "bye") return [];
  const { session, epoch, cause, actor, inferred } = frame;
  const entry = entries.get(`${parting[frame.type]} ${session} ${epoch} ${cause}`);
  const isSame = entry?.inferred === inferred && entry.actor.type === actor.type && entry.actor.id === actor.id;
  return isSame ? [] : [`${to} was told ${frame.type} of ${session} because of ${cause}, which its timeline does not say so`];
}

const counted = (names: readonly string[]) => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

export async function findingsOf({ world, witness, seats }: Stage): Promise<Findings> {
  // Lines that are written while the timelines are being read may have no entry on them.
  const lines = [...world.lines];
  const closed = closedConnections(lines);
  const robots = [...new Set(seats.map(({ robot }) => robot.id))];
  const timelines = (await Promise.all(robots.map((id) => wholeTimeline(world, id)))).flat();
  const broken = (await Promise.all(robots.map((id) => invariants(world, id)))).flat();
  const ends = seats.flatMap(({ machine, clients }) => [machine, ...clients].filter((end) => end?.session.status === "online"));
  const there = new Set(ends.map((end) => end?.name));
  const online = new Set(ends.map((end) => end?.session.id as string | undefined));
  const entries = new Map(timelines.map((item) => [`${item.type} ${item.session} ${item.epoch} ${item.cause}`, item]));
  const ended = new Set(timelines.flatMap(({ session = "" }) => session));
  return {
    wrong: [
      ...broken,
      ...timelines.flatMap((entry) => contradicted(entry, closed)),
      ...overcounted(lines, timelines),
      ...witness.words.flatMap(unexplained),
      ...witness.words.flatMap((word) => differing(word, entries)),
      ...misdelivered(
        witness,
        (end) => there.has(end),
        (session) => online.has(session),
      ),
    ],
    causes: counted([...timelines.flatMap(({ cause = [] }) => cause), ...witness.words.map(({ frame }) => frame.cause)]),
    types: counted(timelines.map(({ type }) => type)),
    digest: createHash("sha256")
      .update(JSON.stringify(timelines.map(({ at, id, type, cause }) => [at, id, type, cause])))
      .digest("hex")
      .slice(0, 16),
    sessions: {
      robot: [...ended].filter((id) => id.startsWith("rse")).length,
      client: [...ended].filter((id) => id.startsWith("cse")).length,
    },
  };
}
