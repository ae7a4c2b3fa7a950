const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** A length of time in the two largest units that it has: “2 hours 5 minutes”. `ms` below a second is “a moment”. */
export function duration(ms: number): string {
  const first = units.findIndex(([, size]) => ms >= size);
  if (first === -1) return "a moment";
  const [name = "", size = 1] = units[first] ?? [];
  const count = Math.floor(ms / size);
  const [nextName = "", nextSize = 1] = units[first + 1] ?? [];
  const rest = first + 1 < units.length ? Math.floor((ms - count * size) / nextSize) : 0;
  return rest === 0 ? counted(count, name) : `${counted(count, name)} ${counted(rest, nextName)}`;
}

/** An age: `0.4 s`, and from ten seconds on as a length of time. */
export function age(ms: number): string {
  return ms < 10_000 ? `${(Math.max(0, ms) / 1_000).toFixed(1)} s` : duration(ms);
}

/** The time left until `at`: `4:59`, or `1:02:03`; `0:00` once it is over. It is late by less than a second, never early. */
export function countdown(at: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((at - now) / 1_000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
