/** The number of frames of each kind in each of the last seconds, oldest first. */
export type Rates = readonly { readonly second: number; readonly counts: ReadonlyMap<string, number> }[];

/** Over how long rates are told, in s. */
export const overSeconds = 60;

export const noRates: Rates = [];

const secondOf = (at: number) => Math.floor(at / 1_000);
const recent = (rates: Rates, second: number) => rates.filter((one) => one.second > second - overSeconds && one.second <= second);

export function counted(rates: Rates, kinds: readonly string[], now: number): Rates {
  const second = secondOf(now);
  const counts = new Map(rates.find((one) => one.second === second)?.counts);
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...recent(rates, second).filter((one) => one.second !== second), { second, counts }];
}

/** Frames of each kind in the last minute, most first. */
export function perMinute(rates: Rates, now: number): { readonly kind: string; readonly count: number }[] {
  const totals = new Map<string, number>();
  for (const { counts } of recent(rates, secondOf(now)))
    for (const [kind, count] of counts) totals.set(kind, (totals.get(kind) ?? 0) + count);
  return [...totals].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count || a.kind.localeCompare(b.kind));
}
