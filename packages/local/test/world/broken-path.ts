import { type Descriptions, keepDescriptions } from "@tether/sdk/rtc/descriptions";
import type { World } from "./world.ts";

/** A path between two peer connections on which nothing arrives, though the engines, on one machine, do not know. */
export type BrokenPath = {
  /** Each end finds its path disconnected, as ICE does 5 to 6 s after it last heard of the other (RFC 7675). */
  notice(): void;
  /** Whether both ends have agreed on a new generation of candidates, which are of the addresses that they have now. */
  isMended(): boolean;
  mend(): void;
};

const described = new WeakMap<RTCPeerConnection, Descriptions>();

const ufragOf = (sdp = "") => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];

/** The ends that were told that their path is disconnected. */
const disconnected = new WeakSet<RTCPeerConnection>();

export function breakPath(pcs: readonly RTCPeerConnection[]): BrokenPath {
  const generation = (pc: RTCPeerConnection) => {
    const { local, remote } = described.get(pc) ?? {};
    return [ufragOf(local), ufragOf(remote)];
  };
  const before = pcs.map(generation);
  const tell = (pc: RTCPeerConnection) => void pc.dispatchEvent({ type: "connectionstatechange" } as Event);
  return {
    notice() {
      for (const pc of pcs) {
        disconnected.add(pc);
        tell(pc);
      }
    },
    isMended: () =>
      pcs.every((pc, at) => pc.signalingState === "stable" && generation(pc).every((ufrag, side) => ufrag !== before[at]?.[side])),
    mend() {
      for (const pc of pcs) {
        disconnected.delete(pc);
        tell(pc);
      }
    },
  };
}

const steps = ["createOffer", "createAnswer", "setLocalDescription", "setRemoteDescription", "addIceCandidate"] as const;

/** A peer connection whose path may break. Virtual time waits for the engine's steps, which take real time. */
export function breakable(pc: RTCPeerConnection, quiet: World["quiet"]): RTCPeerConnection {
  const descriptions = keepDescriptions(pc);
  trackSteps(pc, quiet);
  const self: RTCPeerConnection = new Proxy(pc, {
    get(target, name) {
      if (name === "connectionState" && disconnected.has(self)) return "disconnected";
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
  described.set(self, descriptions);
  return self;
}

function trackSteps(pc: RTCPeerConnection, quiet: World["quiet"]): void {
  for (const step of steps) {
    const run = pc[step].bind(pc) as (...given: unknown[]) => Promise<unknown>;
    Object.assign(pc, { [step]: (...given: unknown[]) => quiet.track(step, run(...given)) });
  }
  const restart = pc.restartIce.bind(pc);
  pc.restartIce = () => {
    const end = quiet.begin("negotiationneeded");
    pc.addEventListener("negotiationneeded", end, { once: true });
    restart();
  };
}
