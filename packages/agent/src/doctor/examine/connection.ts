import * as native from "node-datachannel";
import { configurationOf } from "../../media/native/configuration.ts";
import { iceServersOf } from "../../peer/native/connection.ts";

type Description = { readonly type: RTCSdpType; readonly sdp: string };
type Candidate = { readonly candidate: string; readonly sdpMid: string; readonly type: string | undefined };

/** The connections that gather, which the library's log lines may be about. */
const gathering = new Set<DataChannelConnection>();

// The library says in its log alone why it found no candidate. Its lines name servers and no credentials; none is printed.
native.initLogger("Warning", (_, says) => {
  for (const connection of gathering) connection.heard(says);
});

/** The part of RTCPeerConnection that the checks use, of libdatachannel as the media process configures it. */
export class DataChannelConnection {
  readonly #pc: native.PeerConnection;
  /** The library closes a channel that nothing holds. */
  readonly #channels: native.DataChannel[] = [];
  #described: (sdp: string) => void = () => {};
  onicecandidate: ((event: { readonly candidate: Candidate | null }) => void) | undefined;
  onicecandidateerror: ((event: { readonly errorCode: number; readonly errorText: string }) => void) | undefined;
  ondatachannel: ((event: { readonly channel: ReturnType<typeof channelOf> }) => void) | undefined;

  constructor(configuration: RTCConfiguration = {}) {
    const relayOnly = configuration.iceTransportPolicy === "relay";
    this.#pc = new native.PeerConnection("doctor", configurationOf({ iceServers: iceServersOf(configuration), relayOnly }));
    this.#pc.onLocalDescription((sdp) => this.#described(sdp));
    this.#pc.onLocalCandidate((candidate, sdpMid) => {
      const [, type] = / typ (\w+)/.exec(candidate) ?? [];
      this.onicecandidate?.({ candidate: { candidate, sdpMid, type } });
    });
    this.#pc.onGatheringStateChange((state) => {
      // The library hands over its log by another queue: lines from before this moment come first.
      if (state === "complete") setImmediate(() => this.onicecandidate?.({ candidate: null }));
    });
    this.#pc.onDataChannel((channel) => this.ondatachannel?.({ channel: this.#keep(channel) }));
    gathering.add(this);
  }

  /** A line of the library's log. 401 is a server's own word for credentials that it refuses (RFC 8656 §5), 701 is WebRTC's for one that is not reached. */
  heard(says: string): void {
    this.onicecandidateerror?.({ errorCode: says.includes("TURN authentication failed") ? 401 : 701, errorText: says });
  }

  #keep(channel: native.DataChannel) {
    this.#channels.push(channel);
    return channelOf(channel);
  }

  createDataChannel = (label: string) => this.#keep(this.#pc.createDataChannel(label));
  createOffer = (): Promise<Description> => this.#describe("offer");
  createAnswer = (): Promise<Description> => this.#describe("answer");

  /** The library makes a description by setting it. */
  async #describe(type: "offer" | "answer"): Promise<Description> {
    const described = new Promise<string>((resolve) => {
      this.#described = resolve;
    });
    this.#pc.setLocalDescription(type);
    return { type, sdp: await described };
  }

  async setLocalDescription(): Promise<void> {}

  async setRemoteDescription({ type, sdp }: Description): Promise<void> {
    this.#pc.setRemoteDescription(sdp, type);
  }

  async addIceCandidate({ candidate, sdpMid }: Candidate): Promise<void> {
    this.#pc.addRemoteCandidate(candidate, sdpMid);
  }

  close(): void {
    gathering.delete(this);
    this.#pc.close();
  }
}

function channelOf(channel: native.DataChannel) {
  return {
    send: (data: string) => void channel.sendMessage(data),
    set onopen(call: () => void) {
      channel.onOpen(call);
    },
    set onmessage(call: (event: { readonly data: unknown }) => void) {
      channel.onMessage((data) => call({ data }));
    },
  };
}
