import type { Line, Seen } from "./line.ts";

/** The most lines that are kept; the oldest go first. */
export const maxLines = 1_000;

/** The frames that were seen, oldest first. While the log is paused new ones wait beside it. */
export type Log = {
  readonly lines: readonly Line[];
  readonly isPaused: boolean;
  readonly waiting: readonly Line[];
  /** How many came since it was paused, those that are kept no more included. */
  readonly news: number;
  readonly next: number;
};

export const emptyLog: Log = { lines: [], isPaused: false, waiting: [], news: 0, next: 1 };

/** Frames that came together, in any order. */
export function heard(log: Log, seen: readonly Seen[]): Log {
  const ordered = seen.toSorted((a, b) => a.at - b.at);
  return add(
    log,
    ordered.map((one, index) => ({ ...one, n: log.next + index })),
  );
}

/** Adds a time in which no frame could be seen, by this end's clock, in ms. */
export function missed(log: Log, gap: { readonly from: number; readonly to: number }): Log {
  return add(log, [{ n: log.next, gap }]);
}

export function paused(log: Log): Log {
  return { ...log, isPaused: true };
}

export function resumed(log: Log): Log {
  return { ...log, lines: bounded(log.lines, log.waiting), isPaused: false, waiting: [], news: 0 };
}

/** Empties the log; it stays paused if it was, and numbers go on. */
export function cleared(log: Log): Log {
  return { ...emptyLog, isPaused: log.isPaused, next: log.next };
}

function add(log: Log, lines: readonly Line[]): Log {
  const next = log.next + lines.length;
  if (!log.isPaused) return { ...log, lines: bounded(log.lines, lines), next };
  return { ...log, waiting: bounded(log.waiting, lines), news: log.news + lines.length, next };
}

function bounded(before: readonly Line[], after: readonly Line[]): readonly Line[] {
  return [...before, ...after].slice(-maxLines);
}
