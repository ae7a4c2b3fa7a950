import type { ChannelLike } from "@tether/sdk/rtc/channel";
import type {
  CandidateLike,
  ChannelOptions,
  ConfigurationLike,
  DescriptionLike,
  PeerConnectionEvents,
  PeerConnectionLike,
} from "@tether/sdk/rtc/peer-connection";
import * as native from "node-datachannel";
import { unlessClosed } from "../../src/media/native/unless-closed.ts";

type Kind = "offer" | "answer";

function channelOf(channel: native.DataChannel): ChannelLike {
  let readyState = channel.isOpen() ? "open" : "connecting";
  const self: ChannelLike = {
    get readyState() {
      return readyState;
    },
    get bufferedAmount() {
      return readyState === "open" ? channel.bufferedAmount() : 0;
    },
    // The library closes a channel before it tells of it, and refuses to send by then.
    send: (data) => unlessClosed(() => channel.sendMessage(data)),
    close: () => channel.close(),
    onopen: null,
    onmessage: null,
    onclose: null,
  };
  channel.onOpen(() => {
    readyState = "open";
    self.onopen?.(undefined);
  });
  channel.onMessage((data) => self.onmessage?.({ data }));
  channel.onClosed(() => {
    readyState = "closed";
    self.onclose?.(undefined);
  });
  return self;
}

/**
 * A client's peer connection of libdatachannel, as the SDK wants it. The library's own `RTCPeerConnection` makes descriptions when it likes
 * and asks for no negotiation, so this is made of what is beneath it. It cannot restart ICE.
 */
export class NativeClient implements PeerConnectionLike {
  readonly #pc = new native.PeerConnection("client", { iceServers: [], disableAutoNegotiation: true, forceMediaTransport: true });
  readonly #listeners = new Map<keyof PeerConnectionEvents, Set<(event: never) => void>>();
  #described = Promise.withResolvers<string>();
  #places = 0;
  #isNeeded = false;
  /** Told of every packet of a track. */
  onpacket: (kind: string) => void = () => {};

  constructor() {
    this.#pc.onLocalDescription((sdp) => this.#described.resolve(sdp));
    this.#pc.onLocalCandidate((candidate, sdpMid) => this.#tell("icecandidate", { candidate: { candidate, sdpMid, sdpMLineIndex: null } }));
    this.#pc.onGatheringStateChange((state) => state === "complete" && this.#tell("icecandidate", { candidate: null }));
    this.#pc.onStateChange(() => this.#tell("connectionstatechange", undefined));
  }

  get connectionState(): string {
    return this.#pc.state();
  }

  get signalingState(): string {
    return this.#pc.signalingState();
  }

  /** As in a browser, several wishes of one turn are one. */
  #needNegotiation(): void {
    if (this.#isNeeded) return;
    this.#isNeeded = true;
    queueMicrotask(() => {
      this.#isNeeded = false;
      this.#tell("negotiationneeded", undefined);
    });
  }

  createDataChannel(label: string, { ordered = true, maxRetransmits }: ChannelOptions): ChannelLike {
    const reliability = { unordered: !ordered, ...(maxRetransmits !== undefined && { maxRetransmits }) };
    this.#needNegotiation();
    return channelOf(this.#pc.createDataChannel(label, reliability));
  }

  addTransceiver(kind: "video" | "audio"): void {
    this.#places += 1;
    const media =
      kind === "video" ? new native.Video(`place-${this.#places}`, "RecvOnly") : new native.Audio(`place-${this.#places}`, "RecvOnly");
    if (media instanceof native.Video) media.addVP8Codec(96);
    else media.addOpusCodec(111);
    const track = this.#pc.addTrack(media);
    track.onMessage(() => this.onpacket(kind));
    this.#tracks.push(track);
    this.#needNegotiation();
  }

  /** A track that nothing holds is closed. */
  readonly #tracks: native.Track[] = [];

  createOffer = (): Promise<DescriptionLike> => this.#describe("offer");
  createAnswer = (): Promise<DescriptionLike> => this.#describe("answer");

  /** The library makes a description by setting it. */
  async #describe(type: Kind): Promise<DescriptionLike> {
    this.#described = Promise.withResolvers();
    this.#pc.setLocalDescription(type);
    return { type, sdp: await this.#described.promise };
  }

  async setLocalDescription({ type }: DescriptionLike): Promise<void> {
    if (type === "rollback") throw new DOMException("It cannot be taken back.", "NotSupportedError");
  }

  async setRemoteDescription({ type, sdp }: { readonly type: Kind; readonly sdp: string }): Promise<void> {
    this.#pc.setRemoteDescription(sdp, type);
  }

  async addIceCandidate({ candidate, sdpMid }: CandidateLike): Promise<void> {
    this.#pc.addRemoteCandidate(candidate, sdpMid ?? "0");
  }

  getConfiguration = (): ConfigurationLike => ({});
  setConfiguration(): void {}

  restartIce(): never {
    throw new DOMException("It cannot restart ICE.", "NotSupportedError");
  }

  addEventListener<Type extends keyof PeerConnectionEvents>(type: Type, listener: (event: PeerConnectionEvents[Type]) => void): void {
    this.#listeners.set(type, (this.#listeners.get(type) ?? new Set()).add(listener));
  }

  removeEventListener<Type extends keyof PeerConnectionEvents>(type: Type, listener: (event: PeerConnectionEvents[Type]) => void): void {
    this.#listeners.get(type)?.delete(listener);
  }

  #tell<Type extends keyof PeerConnectionEvents>(type: Type, event: PeerConnectionEvents[Type]): void {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) (listener as (event: PeerConnectionEvents[Type]) => void)(event);
  }

  close(): void {
    this.#pc.close();
  }
}
