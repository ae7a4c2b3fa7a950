/** The SDK corrects smaller differences, and `Date` is exact to the second at best. */
const offMs = 60_000;

/** Reports once that this machine's clock is off, and once that it is right again. */
export function createSkewNotice(say: (words: string, aheadMs: number) => void): (aheadMs: number) => void {
  let isOff = false;
  return (aheadMs) => {
    if (Math.abs(aheadMs) > offMs === isOff) return;
    isOff = !isOff;
    say(
      isOff
        ? `This machine's clock is ${long(Math.abs(aheadMs))} ${aheadMs > 0 ? "behind" : "ahead of"} the service's. Set it: sudo timedatectl set-ntp true.`
        : "This machine's clock is right again.",
      Math.round(aheadMs),
    );
  };
}

const units = [
  [365 * 86_400_000, "years"],
  [86_400_000, "days"],
  [3_600_000, "hours"],
  [60_000, "minutes"],
] as const;

/** `3 hours`: in the largest unit of which there are two. */
export function long(ms: number): string {
  const [unit, name] = units.find(([size]) => ms >= 2 * size) ?? [1_000, "seconds"];
  return `${Math.round(ms / unit)} ${name}`;
}
