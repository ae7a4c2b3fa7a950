import { type Entry, endingsIn, fatal, type TimelineEnding } from "./endings.ts";
import type { Format } from "./evidence.ts";

/** A path that flaps: its cuts follow each other so closely that they are one thing to a reader, and one row. */
export type Flap = {
  readonly type: "path.flapped";
  /** The id of its first entry, which stays while the flap grows. */
  readonly id: Entry["id"];
  readonly robot: Entry["robot"];
  readonly session: NonNullable<Entry["session"]>;
  readonly user?: Entry["user"];
  /** When the first cut began. */
  readonly at: number;
  /** When the last cut was over, or began if it is not over. */
  readonly until: number;
  readonly cuts: number;
  /** How long the cuts took that are over, together. */
  readonly awayMs: number;
  /** For some of the cuts nobody vouched that it was the path. */
  readonly inferred: boolean;
  /** The entry of the last cut, if the session is not back from it. */
  readonly away?: Entry;
  /** All that the row stands for, the oldest first. */
  readonly items: readonly Entry[];
};

export type Row = Entry | Flap;

export function isFlap(row: Row): row is Flap {
  return row.type === "path.flapped";
}

/** Fewer cuts than this are told one by one. */
const cutsLeast = 3;

/** A path that has held for longer than this no longer flaps. */
export const quietMs = 5 * 60_000;

/** Control returns with its holder's connection, and its entry is written soon after. */
const soonMs = 60_000;

type Cut = { readonly from: number; until?: number; readonly away?: Entry; readonly entries: Entry[] };

/** The connections of a session as they were read so far. `loose` entries belong to the next arrival. */
type Path = { instance: unknown; open: Cut | undefined; run: Cut[]; loose: Entry[] };

/** Entries of a timeline, the oldest first, with each path that flaps as one row in the place of its last entry. */
export function rowsIn(entries: readonly Entry[]): readonly Row[] {
  const flaps = new Map(flapsIn(entries).flatMap((flap) => flap.items.map((entry) => [entry, flap])));
  return entries.flatMap((entry): readonly Row[] => {
    const flap = flaps.get(entry);
    if (!flap) return [entry];
    return flap.items.at(-1) === entry ? [flap] : [];
  });
}

/**
 * The paths that flapped. A cut is a connection that was lost and came back with the same instance, or was replaced by that instance before
 * the gateway missed it. Whatever else ends a connection is an entry of its own, and ends the flap.
 */
export function flapsIn(entries: readonly Entry[]): readonly Flap[] {
  const endings = new Map(endingsIn(entries).map((ending) => [ending.entry, ending]));
  const paths = new Map<string, Path>();
  const runs: Cut[][] = [];
  for (const entry of entries) {
    if (entry.session === undefined) continue;
    const path = paths.get(entry.session) ?? { instance: undefined, open: undefined, run: [], loose: [] };
    paths.set(entry.session, path);
    read(path, entry, { endings, runs });
  }
  for (const path of paths.values()) if (path.open) add(path, path.open, runs);
  return runs.filter((cuts) => cuts.length >= cutsLeast).flatMap((cuts) => flapOf(cuts, entries, endings));
}

type Known = { readonly endings: ReadonlyMap<Entry, TimelineEnding>; readonly runs: Cut[][] };

function read(path: Path, entry: Entry, { endings, runs }: Known): void {
  const { open, loose } = path;
  const isSame = path.instance !== undefined && path.instance === entry.evidence?.instance;
  switch (entry.type) {
    case "session.opening":
    case "session.lapsed":
      loose.push(entry);
      return;
    case "session.away": {
      const ending = endings.get(entry);
      if (ending?.cause === "connection.lost") path.open = { from: entry.at, away: entry, entries: [...loose, entry] };
      else stop(path);
      path.loose = [];
      return;
    }
    case "session.resumed":
      if (open?.away && isPath(endings.get(open.away))) {
        open.entries.push(...loose, entry);
        open.until = entry.at;
        add(path, open, runs);
        path.open = undefined;
      } else stop(path);
      break;
    case "session.superseded":
      if (isSame) add(path, { from: entry.at, until: entry.at, entries: [...loose, entry] }, runs);
      else stop(path);
      break;
    case "session.online":
    case "session.contested":
    case "session.ended":
      stop(path);
      break;
    case "session.explained":
    case "control.away":
      (open?.entries ?? loose).push(entry);
      return;
    case "control.returned":
      returned(path, entry);
      return;
    default:
      return;
  }
  path.loose = [];
  path.instance = entry.evidence?.instance;
}

function returned({ open, run, loose }: Path, entry: Entry): void {
  const last = run.at(-1);
  const isSoon = last?.until !== undefined && entry.at - last.until <= soonMs;
  (open?.entries ?? (isSoon ? last.entries : loose)).push(entry);
}

function stop(path: Path): void {
  path.open = undefined;
  path.run = [];
}

/** Joins a cut to those before it, or begins anew after a time in which the path held. */
function add(path: Path, cut: Cut, runs: Cut[][]): void {
  const last = path.run.at(-1);
  if (last?.until === undefined || cut.from - last.until > quietMs) {
    path.run = [];
    runs.push(path.run);
  }
  path.run.push(cut);
}

/** The end of a process is no cut of its path. Where a process may have ended, nothing is said of a flap. */
function isPath(ending: TimelineEnding | undefined): boolean {
  return ending?.cause === "connection.lost" && !ending.possible.some((cause) => fatal.has(cause));
}

function flapOf(cuts: readonly Cut[], entries: readonly Entry[], endings: Known["endings"]): readonly Flap[] {
  const own = new Set(cuts.flatMap((cut) => cut.entries));
  const items = entries.filter((entry) => own.has(entry));
  const [first] = items;
  const last = cuts.at(-1);
  if (first?.session === undefined || !last) return [];
  const user = items.find((entry) => entry.user !== undefined)?.user;
  return [
    {
      type: "path.flapped",
      id: first.id,
      robot: first.robot,
      session: first.session,
      ...(user && { user }),
      at: cuts[0]?.from ?? first.at,
      until: last.until ?? last.from,
      cuts: cuts.length,
      awayMs: cuts.reduce((sum, { from, until = from }) => sum + until - from, 0),
      // A connection that the end itself replaced leaves no word of why it did.
      inferred: cuts.some(({ away }) => away === undefined || endings.get(away)?.inferred === true),
      ...(last.until === undefined && last.away && { away: last.away }),
      items,
    },
  ];
}

/** The words of a flap: whose path it was, for how long and how often; and, if that end is away now, what its last entry says. */
export function flapWords(
  { session, user, at, until, cuts, awayMs, inferred, away }: Flap,
  { duration }: Pick<Format, "duration">,
): string {
  const who = session.startsWith("rse_") ? "The robot" : (user?.name ?? user?.id ?? "The operator");
  const words = `${who}'s path flapped for ${duration(until - at)}: ${cuts} cuts, ${duration(awayMs)} without a connection in all.`;
  return [words, ...(inferred ? ["(Not every cut was explained: Tether concluded it.)"] : []), ...(away ? [away.says] : [])].join(" ");
}

/** The first thing to do about a path that flaps. */
export const flapRemedy =
  "Look at the network on that side: a radio at the edge of its reach, a modem that reconnects, or a proxy that cuts connections.";
