/** The least and the most a camera gets, in bits per second. Below the least a picture is of no use. */
export const bounds = { least: 150_000, most: 2_500_000 } as const;

/** The share of the estimate that is used: the rest is for commands, and for packets that are sent again. */
const used = 0.85;
/** An estimate follows what arrives, so one that was made while less than this share of the allowance was sent says nothing about the path. */
const busy = 0.6;
/** The growth in one step of 200 ms: 8 % a second. */
const growth = 1.016;
/** Above this share of lost packets the allowance goes down whatever the estimate says. */
const lossMost = 0.1;

/** How often the allowance is reckoned, in ms. Once a second was tried: it freezes the picture for 11 s where a path narrows. */
export const stepMs = 200;

export type PathReport = {
  /** The receiver's estimate in bits per second; undefined until it made one. */
  readonly estimate: number | undefined;
  /** The share of packets lost in the newest report. */
  readonly lost: number;
  /** The rate at which packets were sent lately, in bits per second. */
  readonly sent: number;
};

/** The bits per second that all cameras of one peer connection may send together, from the allowance before. */
export function nextAllowance(before: number, most: number, { estimate, lost, sent }: PathReport): number {
  const isBusy = sent > busy * before;
  const atMost = (value: number) => Math.max(bounds.least, Math.min(value, most));
  if (lost > lossMost && isBusy) return atMost(Math.min(before * (1 - lost / 2), (estimate ?? before) * used));
  if (estimate === undefined) return atMost(before);
  // The receiver estimates no more than arrives. Only trying shows whether the path bears more, and the next step goes down where it does not.
  if (!isBusy) return atMost(lost > 0 ? before : before * growth);
  const target = estimate * used;
  return atMost(target < before ? target : Math.min(target, before * growth));
}

/**
 * Divides what the path bears among the cameras that are watched, the first of them first. A camera for which too little is left gets 0:
 * it is not sent, so that the first one stays usable.
 */
export function divide(allowance: number, watched: readonly { readonly most: number }[]): readonly number[] {
  let left = allowance;
  return watched.map(({ most }, index) => {
    const others = watched.length - index - 1;
    // Each camera behind keeps its least, as long as the first then has twice as much.
    const own = (index === 0 ? 2 : 1) * bounds.least;
    const kept = Math.min(others * bounds.least, Math.max(0, left - own));
    const share = Math.min(most, left - kept);
    const given = share < bounds.least && index > 0 ? 0 : Math.max(bounds.least, share);
    left = Math.max(0, left - given);
    return given;
  });
}
