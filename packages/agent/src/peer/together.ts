import type { Joins } from "@tether/sdk/control/channel";

/** Joins in this order, and leaves in the opposite one. */
export function together(...all: readonly Joins[]): Joins {
  return {
    join(peer, pc) {
      const leaves = all.map((one) => one.join(peer, pc));
      return () => {
        for (const leave of leaves.toReversed()) leave();
      };
    },
  };
}
