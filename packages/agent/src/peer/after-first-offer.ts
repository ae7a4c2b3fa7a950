import type { Joins } from "@tether/sdk/control/channel";

/**
 * Does it to each peer connection once the client's first offer is answered. Were the robot to offer too, both would do so at once, and the client
 * take its offer back: engines are slow at that, and some never offer the data channels again.
 */
export function afterFirstOffer(run: (pc: RTCPeerConnection) => void): Joins {
  return {
    join(_, pc) {
      const look = () => {
        if (pc.signalingState !== "stable" || !pc.remoteDescription) return;
        leave();
        run(pc);
      };
      const leave = () => pc.removeEventListener("signalingstatechange", look);
      pc.addEventListener("signalingstatechange", look);
      return leave;
    },
  };
}
