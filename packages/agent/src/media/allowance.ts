import type { Delivered } from "./delivery.ts";

/** The least and the most a camera gets, in bits per second. Below the least a picture is of no use. */
export const bounds = { least: 150_000, most: 2_500_000 } as const;

/** The share of what a path bears that is used: the rest is for commands, and for packets that are sent again. */
const used = 0.85;
/** The share of what arrives that is sent while a queue drains that is long enough to be seen. */
const drained = 0.6;
/** Below this share of the allowance, what was sent says nothing about the path. */
const busy = 0.6;
/** Above this share of lost packets the allowance does not grow by what arrives, and goes down by an estimate. */
const lossMost = 0.1;
/** Above this share of those of one step it goes down by what arrives: of the 20 packets of a step at 1 Mbit/s, 3 are lost by chance now and then where 5 % are. */
const lossOfStep = 0.2;
/** Every packet of a step waited for at least so long where the path is full, in ms; the second alone is not taken for a stall of the receiver. */
export const queue = { full: 30, long: 100 } as const;
/** The growth in one step of 200 ms: 8 % a second by an estimate and for what is not busy, 28 % where nothing is known against it, 6 % near the rate at which the path was full. */
const growth = { cautious: 1.016, free: 1.05, near: 1.012 } as const;
/** The rate at which a path was full is taken to hold between these shares of it. */
const near = { from: 0.8, to: 1.15 } as const;

/** How often the allowance is reckoned, in ms. Once a second was tried: it freezes the picture for 11 s where a path narrows. */
export const stepMs = 200;

export type PathReport = {
  /** The receiver's estimate in bits per second, of one that does not report when packets came; undefined until it made one. */
  readonly estimate: number | undefined;
  /** The share of packets lost in the newest report. */
  readonly lost: number;
  /** The rate at which packets were sent lately, in bits per second. */
  readonly sent: number;
  /** Since the step before; undefined where no packet was reported. */
  readonly delivered?: Delivered | undefined;
};

/** The knowledge of a path that one step hands to the next. */
export type PathMemory = {
  /** The bits per second that all cameras of one peer connection may send together. */
  readonly allowance: number;
  /** The rate that arrived when the path was full last. */
  readonly full?: number | undefined;
  /** Packets waited in the step before. */
  readonly isWaiting?: boolean;
};

/** The memory after one step, with no more than `most` bits per second. */
export function nextAllowance(before: PathMemory, most: number, report: PathReport): PathMemory {
  const atMost = (value: number) => Math.max(bounds.least, Math.min(value, most));
  if (report.delivered) return byDelivery(before, { ...report, delivered: report.delivered }, atMost);
  return { ...before, allowance: atMost(byEstimate(before.allowance, report)) };
}

/** A receiver estimates no more than arrives, and raises its estimate by less than 4 % a second: it is used only where nothing better is known. */
function byEstimate(before: number, { estimate, lost, sent }: PathReport): number {
  const isBusy = sent > busy * before;
  if (lost > lossMost && isBusy) return Math.min(before * (1 - lost / 2), (estimate ?? before) * used);
  if (estimate === undefined) return before;
  // Only trying shows whether the path bears more, and the next step goes down where it does not.
  if (!isBusy) return lost > 0 ? before : before * growth.cautious;
  const target = estimate * used;
  return target < before ? target : Math.min(target, before * growth.cautious);
}

function byDelivery(
  { allowance: before, full, isWaiting = false }: PathMemory,
  { sent, delivered: { queueMs, received, lost } }: PathReport & { readonly delivered: Delivered },
  atMost: (value: number) => number,
): PathMemory {
  const isBusy = sent > busy * before;
  const waits = queueMs > queue.full;
  if (queueMs > queue.long || (waits && isWaiting)) {
    const target = received * (queueMs > queue.long ? drained : used);
    return { allowance: atMost(Math.min(before, target)), full: received, isWaiting: waits };
  }
  // Packets are lost by chance as well, as on a radio, which less traffic does not mend.
  if (lost > lossOfStep && isBusy) return { allowance: atMost(before * (1 - lost / 2)), full, isWaiting: waits };
  if (waits) return { allowance: before, full, isWaiting: waits };
  const known = full !== undefined && before < full * near.to ? full : undefined;
  const rate = known !== undefined && before > known * near.from ? growth.near : isBusy ? growth.free : growth.cautious;
  return { allowance: atMost(before * (1 + (rate - 1) * Math.max(0, 1 - lost / lossMost))), full: known };
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
