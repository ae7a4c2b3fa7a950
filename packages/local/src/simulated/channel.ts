import type { Peer } from "@tether/protocol/peer";
import { PeerConnection } from "./webrtc.ts";

/** The reliable channel between an operator and a robot. */
export const channelName = "tether.events";

type Heard = (peer: Peer, data: string) => void;

/** The events that both simulated ends tell their watcher. */
export type Watched = {
  opened(peer: Peer): void;
  closed(peer: Peer): void;
  heard: Heard;
};

/** A peer connection whose one channel is open, or about to be. */
export type Wire = { readonly pc: RTCPeerConnection; send(data: string): boolean };

/** The operator makes the channel, the robot takes it. */
export function wire(peer: Peer, watched: Watched, makes: boolean): Wire {
  const pc = new PeerConnection();
  let channel: RTCDataChannel | undefined;
  const use = (made: RTCDataChannel) => {
    channel = made;
    made.onopen = () => watched.opened(peer);
    made.onclose = () => watched.closed(peer);
    made.onmessage = ({ data }) => watched.heard(peer, String(data));
  };
  if (makes) use(pc.createDataChannel(channelName));
  else pc.ondatachannel = ({ channel: taken }) => use(taken);
  return {
    pc,
    send(data) {
      if (channel?.readyState !== "open") return false;
      channel.send(data);
      return true;
    },
  };
}
