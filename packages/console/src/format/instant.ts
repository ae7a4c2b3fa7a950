const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const precise = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });
const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric" });

/** The time of day in the reader's zone: `14:03:09`. */
export function timeOf(at: number): string {
  return time.format(at);
}

/** The time of day to the millisecond: `14:03:09.041`. */
export function preciseTimeOf(at: number): string {
  return precise.format(at);
}

/** `Mon, 1 Jun 2026`. */
export function dayOf(at: number): string {
  return day.format(at);
}

export function instant(at: number): string {
  return `${dayOf(at)}, ${timeOf(at)}`;
}

/** With the day only where it is another one than today. */
export function near(at: number, now: number): string {
  return dayOf(at) === dayOf(now) ? timeOf(at) : instant(at);
}
