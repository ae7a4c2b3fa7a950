import type { Got, Witness } from "./witness.ts";

/** Where signals between two SDKs came twice or out of order, or where one that was accepted neither came nor was reported. */
export function misdelivered(
  { got, sent, dropped }: Witness,
  isThere: (end: string) => boolean,
  isOnline: (session: string) => boolean,
): string[] {
  const nameOf = ({ from, n }: { from: string; n: number }) => `${from} ${n}`;
  const wrong: string[] = [];
  const lastOf = new Map<string, number>();
  for (const one of got) {
    const pair = `${one.from} > ${one.by}`;
    const last = lastOf.get(pair) ?? 0;
    if (one.n <= last) wrong.push(`${one.by} got ${nameOf(one)} after ${last}`);
    lastOf.set(pair, one.n);
  }
  const told = new Set([...got, ...dropped].map((one: Pick<Got, "from" | "n">) => nameOf(one)));
  // An end that is gone has nobody to report to; a signal to an end that is away is still on its way.
  const owed = sent.filter(({ from, to }) => isThere(from) && isOnline(to));
  return [
    ...wrong,
    ...owed.filter((one) => !told.has(nameOf(one))).map((one) => `${nameOf(one)} to ${one.to} neither came nor was dropped`),
  ];
}
