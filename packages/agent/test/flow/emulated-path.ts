import type { Clock } from "@tether/sdk/clock";
import type { Carry } from "../../../console/test/flow/slow-path.ts";

export type Link = {
  /** Of every packet, each way, in ms. */
  readonly delayMs: number;
  /** The share of media packets to the page that is lost, 0 to 1. */
  readonly loss: number;
  /** The rate at which the path carries packets to the page, in bits per second; undefined where it carries all. */
  readonly rate: number | undefined;
};

/** The longest time, in ms, that a packet may wait for a narrow path before it is dropped: as in the buffer of a mobile network's last hop. */
const queueMs = 300;

/** RFC 7983 §7: the first byte of an RTP or RTCP packet. */
const isMedia = ([first = 0]: Buffer) => first >= 128 && first <= 191;

/** A path between a robot and a page whose properties may change meanwhile. `random` decides what is lost. */
export function createEmulatedPath({ clock, random }: { clock: Clock; random: () => number }, begin: Link) {
  let link = begin;
  /** When the narrow path will have sent all that waits for it. */
  let freeAt = 0;
  const counted = { carried: 0, lost: 0, dropped: 0 };

  const carry: Carry = (packet, to, deliver) => {
    if (to === "page" && isMedia(packet) && random() < link.loss) {
      counted.lost += 1;
      return;
    }
    let waitMs = 0;
    if (to === "page" && link.rate !== undefined) {
      const now = clock.now();
      waitMs = Math.max(0, freeAt - now);
      if (waitMs > queueMs) {
        counted.dropped += 1;
        return;
      }
      freeAt = now + waitMs + (packet.length * 8_000) / link.rate;
    }
    counted.carried += 1;
    clock.after(waitMs + link.delayMs, deliver);
  };

  return {
    carry,
    counted,
    become(changed: Partial<Link>): void {
      link = { ...link, ...changed };
    },
  };
}

/** Numbers from 0 to 1, the same in each run (a linear congruence, Numerical Recipes' constants). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
