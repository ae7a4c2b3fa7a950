import type { Joins } from "@tether/sdk/control/channel";

/** Runs `begin` while at least one peer connection is up, and what that returns when none is any more. */
export function createAudience(begin: () => () => void): Joins & { close(): void } {
  const present = new Set<RTCPeerConnection>();
  let end: (() => void) | undefined;

  function settle(): void {
    if (present.size > 0) end ??= begin();
    else {
      end?.();
      end = undefined;
    }
  }

  function leave(pc: RTCPeerConnection): void {
    if (present.delete(pc)) settle();
  }

  return {
    join(_, pc) {
      const look = () => {
        if (pc.connectionState !== "connected") return leave(pc);
        present.add(pc);
        settle();
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
      settle();
    },
  };
}
