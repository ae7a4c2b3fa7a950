import type { Clock } from "@tether/sdk/clock";
import type { ChannelLike } from "@tether/sdk/rtc/channel";
import type { PeerConnectionEvents, PeerConnectionLike } from "@tether/sdk/rtc/peer-connection";

type Channel = ChannelLike & { readonly label: string; readyState: string; other?: Channel };
type Modelled = PeerConnectionLike & {
  readonly name: string;
  readonly channels: Map<string, Channel>;
  connectionState: string;
  signalingState: string;
  emit<Type extends keyof PeerConnectionEvents>(type: Type, event: PeerConnectionEvents[Type]): void;
};

/** The time that a candidate is found after, and that a message is on its way, in ms. */
const [candidateMs, pathMs] = [10, 20] as const;

/**
 * Peer connections without an engine: an SDP is its own placeholder, and two ends that have each other's are connected. So a story of them
 * is the same on every machine. `told` hears every message as it is sent.
 */
export function createModelledPeers(clock: Clock, told: (from: string, to: string, channel: string, data: string) => void) {
  const bySdp = new Map<string, Modelled>();
  let descriptions = 0;

  function createChannel(label: string, from: string, to: () => string): Channel {
    const self: Channel = {
      label,
      readyState: "connecting",
      bufferedAmount: 0,
      onopen: null,
      onmessage: null,
      onclose: null,
      send(data) {
        if (self.readyState !== "open") return;
        told(from, to(), label, data);
        clock.after(pathMs, () => self.other?.readyState === "open" && self.other.onmessage?.({ data }));
      },
      close() {
        for (const end of [self, self.other]) {
          if (!end || end.readyState === "closed") continue;
          end.readyState = "closed";
          end.onclose?.({});
        }
      },
    };
    return self;
  }

  /** The channels of who offered come up at the other end, and open. */
  function join(offerer: Modelled, answerer: Modelled): void {
    for (const one of [offerer, answerer]) {
      one.connectionState = "connected";
      one.emit("connectionstatechange", {});
    }
    for (const channel of offerer.channels.values()) {
      const taken = createChannel(channel.label, answerer.name, () => offerer.name);
      answerer.channels.set(channel.label, taken);
      Object.assign(channel, { other: taken, readyState: "open" });
      Object.assign(taken, { other: channel, readyState: "open" });
      answerer.emit("datachannel", { channel: taken });
      for (const end of [taken, channel]) end.onopen?.({});
    }
  }

  return function connect(name: string): PeerConnectionLike {
    const listeners = new Map<keyof PeerConnectionEvents, Set<(event: never) => void>>();
    let other: Modelled | undefined;
    const describe = async (type: "offer" | "answer") => {
      descriptions += 1;
      return { type, sdp: `<SDP ${descriptions}: the ${type} of the ${name}>` };
    };
    const self: Modelled = {
      name,
      channels: new Map(),
      connectionState: "new",
      signalingState: "stable",
      emit(type, event) {
        for (const listener of listeners.get(type) ?? []) listener(event as never);
      },
      createOffer: () => describe("offer"),
      createAnswer: () => describe("answer"),
      async setLocalDescription({ type, sdp = "" }) {
        bySdp.set(sdp, self);
        self.signalingState = type === "offer" ? "have-local-offer" : "stable";
        const candidate = { candidate: `<candidate of the ${name}>`, sdpMid: "0", sdpMLineIndex: 0 };
        clock.after(candidateMs, () => self.emit("icecandidate", { candidate }));
      },
      async setRemoteDescription({ type, sdp }) {
        const from = bySdp.get(sdp);
        if (!from) throw new Error("There is no such description.");
        other = from;
        self.signalingState = type === "offer" ? "have-remote-offer" : "stable";
        if (type === "answer") clock.after(pathMs, () => join(self, from));
      },
      addIceCandidate: async () => {},
      getConfiguration: () => ({}),
      setConfiguration() {},
      restartIce() {},
      createDataChannel(label) {
        const channel = createChannel(label, name, () => other?.name ?? "");
        self.channels.set(label, channel);
        if (self.channels.size === 1) queueMicrotask(() => self.emit("negotiationneeded", {}));
        return channel;
      },
      addTransceiver: () => undefined,
      addEventListener(type, listener) {
        const set = listeners.get(type) ?? new Set();
        listeners.set(type, set.add(listener as (event: never) => void));
      },
      removeEventListener: (type, listener) => void listeners.get(type)?.delete(listener as (event: never) => void),
      close() {
        self.connectionState = "closed";
        for (const channel of self.channels.values()) channel.close();
      },
    };
    return self;
  };
}
