import type { TrackKind } from "@tether/protocol/peer";
import type { ChannelLike } from "./channel.ts";

/** `RTCSessionDescriptionInit` (https://w3c.github.io/webrtc-pc/#dom-rtcsessiondescriptioninit). */
export type DescriptionLike = { readonly type: "offer" | "answer" | "pranswer" | "rollback"; readonly sdp?: string };

/** `RTCIceCandidate` as far as signalling needs it. */
export type CandidateLike = {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  readonly usernameFragment?: string | null;
};

/** `RTCConfiguration` as far as it is changed: an ICE restart brings new ICE servers. */
export type ConfigurationLike = { iceServers?: { urls: string | string[]; username?: string; credential?: string }[] };

/** The events of a peer connection that are listened for, with what each tells. */
export type PeerConnectionEvents = {
  negotiationneeded: unknown;
  connectionstatechange: unknown;
  icecandidate: { readonly candidate: CandidateLike | null };
  datachannel: { readonly channel: ChannelLike & { readonly label: string } };
};

/** A channel's settings: ordered or not, and how often it sends again (https://w3c.github.io/webrtc-pc/#dom-rtcdatachannelinit). */
export type ChannelOptions = { readonly ordered?: boolean; readonly maxRetransmits?: number };

/**
 * RTCPeerConnection as far as the SDK needs it: a browser's, `@roamhq/wrtc`'s, or another engine's. It names no type of the DOM, so that
 * a robot's program compiles without that library. Descriptions are not read back: where an engine gathers candidates on a thread of its
 * own, as wrtc 0.10 does, that may end the process.
 */
export interface PeerConnectionLike {
  readonly connectionState: string;
  readonly signalingState: string;
  createOffer(): Promise<DescriptionLike>;
  createAnswer(): Promise<DescriptionLike>;
  setLocalDescription(description: DescriptionLike): Promise<void>;
  setRemoteDescription(description: { readonly type: "offer" | "answer"; readonly sdp: string }): Promise<void>;
  addIceCandidate(candidate: CandidateLike): Promise<void>;
  getConfiguration(): ConfigurationLike;
  setConfiguration(configuration: ConfigurationLike): void;
  restartIce(): void;
  createDataChannel(label: string, options: ChannelOptions): ChannelLike;
  /** Called at a client alone, for each track that the robot told of. */
  addTransceiver?(kind: TrackKind, init: { readonly direction: "recvonly" }): unknown;
  addEventListener<Type extends keyof PeerConnectionEvents>(type: Type, listener: (event: PeerConnectionEvents[Type]) => void): void;
  removeEventListener<Type extends keyof PeerConnectionEvents>(type: Type, listener: (event: PeerConnectionEvents[Type]) => void): void;
  close(): void;
}
