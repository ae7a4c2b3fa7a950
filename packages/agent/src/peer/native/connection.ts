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
export class NativeConnection extends EventTarget {
  readonly #env: Env;
  readonly #channels = new Map<number, NativeChannel>();
  readonly #waiting = new Map<number, { resolve(sdp: string | undefined): void; reject(error: DOMException): void }>();
  #steps = 0;
  signalingState: RTCSignalingState = "stable";
  connectionState: RTCPeerConnectionState = "new";
  localDescription: Description | null = null;
  remoteDescription: Description | null = null;

  constructor(env: Env) {
    super();
    this.#env = env;
  }

  /** The media process's word of it. */
  heard(news: PeerNews): void {
    const handlers: { readonly [News in PeerNews["news"]]: (news: Extract<PeerNews, { news: News }>) => void } = {
      stepped: ({ id, sdp, signalling }) => {
        this.#signalling(signalling);
        this.#waiting.get(id)?.resolve(sdp);
        this.#waiting.delete(id);
      },
      refused: ({ id, says }) => {
        this.#waiting.get(id)?.reject(new DOMException(says, "OperationError"));
        this.#waiting.delete(id);
      },
      state: ({ state }) => this.#become(state),
      candidate: ({ candidate, mid }) => {
        const event = new Event("icecandidate");
        this.dispatchEvent(Object.assign(event, { candidate: { candidate, sdpMid: mid, sdpMLineIndex: null } }));
      },
      needed: () => this.dispatchEvent(new Event("negotiationneeded")),
      channel: ({ channel, label }) => {
        const made = new NativeChannel(label, {
          send: (data) => this.#env.send(channel, data),
          close: () => this.#env.close(channel),
        });
        this.#channels.set(channel, made);
        this.dispatchEvent(Object.assign(new Event("datachannel"), { channel: made }));
      },
      opened: ({ channel }) => this.#channels.get(channel)?.become("open"),
      closed: ({ channel }) => this.#channels.get(channel)?.become("closed"),
      message: ({ channel, data }) => this.#channels.get(channel)?.heard(data),
      buffered: ({ channel, taken, waiting }) => this.#channels.get(channel)?.buffered(taken, waiting),
    };
    (handlers[news.news] as (news: PeerNews) => void)(news);
  }

  #signalling(state: RTCSignalingState): void {
    if (state === this.signalingState) return;
    this.signalingState = state;
    this.dispatchEvent(new Event("signalingstatechange"));
  }

  #become(state: RTCPeerConnectionState): void {
    if (state === this.connectionState || this.connectionState === "closed") return;
    this.connectionState = state;
    if (state === "failed" || state === "closed") this.#endChannels();
    this.dispatchEvent(new Event("connectionstatechange"));
  }

  #step(step: Step): Promise<string | undefined> {
    if (this.connectionState === "closed") return Promise.reject(new DOMException("It is closed.", "InvalidStateError"));
    this.#steps += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(this.#steps, { resolve, reject });
      this.#env.step(this.#steps, step);
    });
  }

  /** libdatachannel makes a description when it is set. */
  createOffer = async (): Promise<Description> => ({ type: "offer", sdp: "" });
  createAnswer = async (): Promise<Description> => ({ type: "answer", sdp: "" });

  async setLocalDescription({ type }: { readonly type: RTCSdpType }): Promise<void> {
    if (type !== "offer" && type !== "answer") throw new DOMException("It cannot be taken back.", "NotSupportedError");
    const sdp = await this.#step({ step: "local", kind: type });
    this.localDescription = { type, sdp: sdp ?? "" };
  }

  async setRemoteDescription({ type, sdp }: Description): Promise<void> {
    await this.#step({ step: "remote", kind: type, sdp });
    this.remoteDescription = { type, sdp };
  }

  async addIceCandidate({ candidate, sdpMid }: RTCIceCandidateInit): Promise<void> {
    await this.#step({ step: "candidate", candidate: candidate ?? "", mid: sdpMid ?? "0" });
  }

  getConfiguration = (): RTCConfiguration => ({});
  setConfiguration = (): void => {};
  restartIce = (): void => {};

  /** The media process is gone. */
  fail(): void {
    this.#endSteps();
    this.#become("failed");
  }

  close(): void {
    if (this.connectionState === "closed") return;
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
