import type { CandidateLike, DescriptionLike, PeerConnectionEvents, PeerConnectionLike } from "@tether/sdk/peer";
import type { IceServer, PeerNews, Step } from "../../media/message.ts";
import { NativeChannel } from "./channel.ts";

type Env = {
  readonly step: (id: number, step: Step) => void;
  readonly send: (channel: number, data: string) => void;
  readonly close: (channel?: number) => void;
};

type Description = { readonly type: "offer" | "answer"; readonly sdp: string };

/**
 * The part of RTCPeerConnection (https://w3c.github.io/webrtc-pc/#interface-definition) that a robot's end uses, of a peer connection
 * in the media process. It has no rollback and no ICE restart.
 */
export class NativeConnection implements PeerConnectionLike {
  readonly #env: Env;
  readonly #channels = new Map<number, NativeChannel>();
  readonly #waiting = new Map<number, { resolve(sdp: string | undefined): void; reject(error: DOMException): void }>();
  readonly #listeners = new Map<keyof PeerConnectionEvents, Set<(event: never) => void>>();
  #steps = 0;
  /** Was closed from here, which is not what `connectionState` says: the other end closes it as well. */
  #isClosed = false;
  signalingState: RTCSignalingState = "stable";
  connectionState: RTCPeerConnectionState = "new";

  constructor(env: Env) {
    this.#env = env;
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

  /** The media process's word of it. */
  heard(news: PeerNews): void {
    if (news.news === "stepped" || news.news === "refused") this.#endStep(news);
    else if (news.news === "failed") this.fail();
    else if (news.news === "state") this.#become(news.state);
    else if (news.news === "candidate")
      this.#tell("icecandidate", { candidate: { candidate: news.candidate, sdpMid: news.mid, sdpMLineIndex: null } });
    else if (news.news === "needed") this.#tell("negotiationneeded", undefined);
    else if (news.news === "channel") this.#takeChannel(news.channel, news.label);
    else {
      const channel = this.#channels.get(news.channel);
      if (news.news === "message") channel?.heard(news.data);
      else if (news.news === "buffered") channel?.buffered(news.taken, news.waiting);
      else channel?.become(news.news === "opened" ? "open" : "closed");
    }
  }

  #endStep(news: Extract<PeerNews, { news: "stepped" | "refused" }>): void {
    const step = this.#waiting.get(news.id);
    this.#waiting.delete(news.id);
    if (news.news === "refused") step?.reject(new DOMException(news.says, "OperationError"));
    else {
      this.signalingState = news.signalling;
      step?.resolve(news.sdp);
    }
  }

  #takeChannel(number: number, label: string): void {
    const send = (data: string) => this.#env.send(number, data);
    const channel = new NativeChannel(label, { send, close: () => this.#env.close(number) });
    this.#channels.set(number, channel);
    this.#tell("datachannel", { channel });
  }

  #become(state: RTCPeerConnectionState): void {
    if (state === this.connectionState || this.connectionState === "closed") return;
    this.connectionState = state;
    if (state === "failed" || state === "closed") this.#endChannels();
    this.#tell("connectionstatechange", undefined);
  }

  #step(step: Step): Promise<string | undefined> {
    if (!this.isLiving) return Promise.reject(new DOMException("It is closed.", "InvalidStateError"));
    this.#steps += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(this.#steps, { resolve, reject });
      this.#env.step(this.#steps, step);
    });
  }

  createOffer = (): Promise<Description> => this.#describe("offer");
  createAnswer = (): Promise<Description> => this.#describe("answer");

  /** libdatachannel makes a description by setting it. */
  async #describe(kind: Description["type"]): Promise<Description> {
    const sdp = await this.#step({ step: "local", kind });
    return { type: kind, sdp: sdp ?? "" };
  }

  /** Does nothing: libdatachannel set the description when it made it. */
  async setLocalDescription({ type }: DescriptionLike): Promise<void> {
    if (type !== "offer" && type !== "answer") throw new DOMException("It cannot be taken back.", "NotSupportedError");
  }

  async setRemoteDescription({ type, sdp }: Description): Promise<void> {
    await this.#step({ step: "remote", kind: type, sdp });
  }

  async addIceCandidate({ candidate, sdpMid }: CandidateLike): Promise<void> {
    await this.#step({ step: "candidate", candidate, mid: sdpMid ?? "0" });
  }

  /** The client makes them. W1 */
  createDataChannel(): never {
    throw new DOMException("A robot makes no data channel.", "NotSupportedError");
  }

  getConfiguration = () => ({});
  setConfiguration = (): void => {};
  restartIce = (): void => {};

  /** The media process is gone, or gave this peer connection up. */
  fail(): void {
    this.#endSteps();
    this.#become("failed");
  }

  /** Whether it is connected, or may yet be. */
  get isLiving(): boolean {
    return this.connectionState !== "closed" && this.connectionState !== "failed";
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#env.close();
    this.#endSteps();
    this.#endChannels();
    // As in a browser, whoever closes it is not told by an event.
    this.connectionState = "closed";
  }

  #endSteps(): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new DOMException("It is closed.", "InvalidStateError"));
    this.#waiting.clear();
  }

  #endChannels(): void {
    for (const channel of this.#channels.values()) channel.become("closed");
  }
}

/** The servers of a configuration, as they are sent to the media process. */
export function iceServersOf({ iceServers = [] }: RTCConfiguration): readonly IceServer[] {
  return iceServers.map(({ urls, username, credential }) => ({
    urls,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  }));
}
