import type { Clock } from "@tether/sdk/clock";
import type { Arrival } from "./rtcp.ts";

/** The measurements of a path by a receiver's reports since they were taken last. */
export type Delivered = {
  /** The least time for which a packet waited on its way, in ms: nearly 0 on a path that bears all that is sent. */
  readonly queueMs: number;
  /** The rate at which packets arrived lately, in bits per second. */
  readonly received: number;
  /** The share of packets that did not arrive, 0 to 1. */
  readonly lost: number;
};

export type Delivery = {
  /** A packet is sent now; answers the number that it carries. */
  send(bytes: number): number;
  arrived(arrivals: readonly Arrival[]): void;
  /** Undefined where no packet was reported since the last time. */
  take(): Delivered | undefined;
  /** How long the packet waited that arrived last, in ms; 0 where none was reported lately. */
  readonly newestMs: number;
};

type Sent = { readonly at: number; readonly bytes: number };

/** Packets whose arrival is still waited for. At 5 Mbit/s they are 8 s. */
const openMost = 4_096;
/** Over so much of the receiver's time the rate is measured, in ms. */
const rateMs = 500;
/** A report is of now for so long, in ms. */
const lateMs = 300;
/** For so long the quickest packet stands for a path without a queue, and for as long again, in ms: clocks drift and routes change. */
const quickestMs = 10_000;

/** Measures a path by the receiver's reports of when each packet came (draft-holmer-rmcat-transport-wide-cc-extensions-01). */
export function createDelivery(clock: Pick<Clock, "now">): Delivery {
  const open = new Map<number, Sent>();
  let next = 0;
  let recent: readonly { readonly at: number; readonly bytes: number }[] = [];
  /** The least differences between the two clocks, of the time before and of now. */
  let quickest = { since: clock.now(), before: Number.POSITIVE_INFINITY, now: Number.POSITIVE_INFINITY };
  let waited = Number.POSITIVE_INFINITY;
  let [came, gone] = [0, 0];
  let newest = { ms: 0, reportedAt: 0 };

  function note(sent: Sent, at: number): void {
    const took = at - sent.at;
    const now = clock.now();
    if (now - quickest.since > quickestMs) quickest = { since: now, before: quickest.now, now: took };
    quickest.now = Math.min(quickest.now, took);
    newest = { ms: took - Math.min(quickest.before, quickest.now), reportedAt: now };
    waited = Math.min(waited, newest.ms);
    // The receiver's clock begins again every 12 days (a reference time has 24 bits of 64 ms): what came before that is not of now either.
    recent = [...recent.filter((one) => Math.abs(at - one.at) < rateMs), { at, bytes: sent.bytes }];
    came += 1;
  }

  return {
    send(bytes) {
      const sequence = next;
      next = (next + 1) & 0xffff;
      open.set(sequence, { at: clock.now(), bytes });
      open.delete((sequence - openMost) & 0xffff);
      return sequence;
    },
    arrived(arrivals) {
      for (const { sequence, at } of arrivals) {
        const sent = open.get(sequence);
        if (!sent) continue;
        open.delete(sequence);
        if (at === undefined) gone += 1;
        else note(sent, at);
      }
    },
    take() {
      const all = came + gone;
      if (all === 0) return undefined;
      const [first, last] = [recent[0], recent.at(-1)];
      const spanMs = first && last ? last.at - first.at : 0;
      // The first packet ends the time before it.
      const bytes = recent.slice(1).reduce((sum, one) => sum + one.bytes, 0);
      const delivered = { queueMs: came === 0 ? 0 : waited, received: spanMs > 0 ? (bytes * 8_000) / spanMs : 0, lost: gone / all };
      [came, gone, waited] = [0, 0, Number.POSITIVE_INFINITY];
      return delivered;
    },
    get newestMs() {
      return clock.now() - newest.reportedAt > lateMs ? 0 : newest.ms;
    },
  };
}
