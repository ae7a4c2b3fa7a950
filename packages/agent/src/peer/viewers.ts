import type { Joins, PeerConnectionLike } from "@tether/sdk/peer";

/** Calls `begin` when the first peer connection is up, and what `begin` returned when none is left. */
export function createViewers(begin: () => () => void): Joins & { close(): void } {
  const present = new Set<PeerConnectionLike>();
  let end: (() => void) | undefined;

  function update(): void {
    if (present.size > 0) end ??= begin();
    else {
      end?.();
      end = undefined;
    }
  }

  function leave(pc: PeerConnectionLike): void {
    if (present.delete(pc)) update();
  }

  return {
    join(_, pc) {
      const look = () => {
        if (pc.connectionState !== "connected") return leave(pc);
        present.add(pc);
        update();
      };
      pc.addEventListener("connectionstatechange", look);
      look();
      return () => {
        pc.removeEventListener("connectionstatechange", look);
        leave(pc);
      };
    },
    close() {
      present.clear();
      update();
    },
  };
}

/** Everything here joins in this order and leaves in the opposite one. */
export function joinAll(...all: readonly Joins[]): Joins {
  return {
    join(peer, pc) {
      const leaves = all.map((one) => one.join(peer, pc));
      return () => {
        for (const leave of leaves.toReversed()) leave();
      };
    },
  };
}
