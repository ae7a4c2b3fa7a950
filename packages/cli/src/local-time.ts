// Swedish writes dates as ISO 8601 does.
const format = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });

/** An instant in this machine's time zone: `2026-06-01 14:03:09`. */
export function localTime(at: number): string {
  return format.format(at);
}

/** The time zone of `localTime`. */
export function timeZone(): string {
  return format.resolvedOptions().timeZone;
}

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads `90s`, `30m`, `2h`, `7d` as ms. */
function readDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * units[unit as keyof typeof units];
}

/** A length of time in the largest unit of which there are two or more: `12 s`, `90 min`, `24 h`, `7 days`. */
export function duration(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 2 * units.h) return `${Math.round(ms / units.m)} min`;
  return ms < 2 * units.d ? `${Math.round(ms / units.h)} h` : `${Math.round(ms / units.d)} days`;
}

/**
 * Reads an instant: `2h` is so long before `now`; `14:30` is the last time that a clock here showed it; `2026-06-01` and
 * `2026-06-01T14:30` are local, and UTC with a `Z`.
 */
export function readInstant(text: string, now: number): number | undefined {
  const backMs = readDuration(text);
  if (backMs !== undefined) return now - backMs;
  const [, day, time = "00:00", zone = ""] = /^(?:(\d{4}-\d\d-\d\d)(?:[T ]|$))?(\d\d:\d\d(?::\d\d)?)?(Z?)$/.exec(text) ?? [];
  if (text === "" || (day === undefined && !text.includes(":"))) return undefined;
  const at = Date.parse(`${day ?? localTime(now).slice(0, 10)}T${time}${zone}`);
  if (Number.isNaN(at)) return undefined;
  return day === undefined && at > now ? at - units.d : at;
}
