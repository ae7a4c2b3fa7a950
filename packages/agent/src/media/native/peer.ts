import { recordingChannel, soundStream } from "@tether/protocol/camera";
import type { Clock } from "@tether/sdk/clock";
import * as native from "node-datachannel";
import type { Camera } from "../camera/camera.ts";
import type { Microphone } from "../camera/microphone.ts";
import { payloadTypes } from "../camera/source.ts";
import type { PeerNews, Step, ToMedia } from "../message.ts";
import type { Recorder } from "../record/recorder.ts";
import { readRtcp } from "../rtcp.ts";
import { entriesOf, extensions, ownIds } from "../rtp.ts";
import type { Speaker } from "../sound/voice.ts";
import { createWatching, type Watching } from "../watching.ts";
import { configurationOf } from "./configuration.ts";
import { createMediaChannel, mediaLabel } from "./media-channel.ts";
import { type MediaSection, mediaSectionsIn, voiceTypeIn } from "./media-section.ts";
import { sendFile } from "./send-file.ts";
import { unlessClosed } from "./unless-closed.ts";

/** Constrained baseline, level 3.1: what every browser decodes (RFC 7742 §6.2). */
const h264Profile = "profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1";
const opusProfile = "minptime=10;useinbandfec=1";
const firstSsrc = 1_000;
/** The signalling state in which a description may be made. */
const due = { offer: "stable", answer: "have-remote-offer" } as const;

type Source = Camera | Camera<Microphone>;

const isMicrophone = (source: Source): source is Camera<Microphone> => source.settings.codec === "opus";

type Env = {
  readonly clock: Clock;
  readonly cameras: readonly Camera[];
  readonly microphone: Camera<Microphone> | undefined;
  readonly speaker: Speaker | undefined;
  readonly recorder: Recorder;
  readonly order: Extract<ToMedia, { type: "open" }>;
  readonly tell: (news: PeerNews) => void;
};

export type NativePeer = {
  readonly watching: Watching;
  step(id: number, step: Step): void;
  send(channel: number, data: string): void;
  /** A camera's state changed. */
  refresh(): void;
  /** A recording was written. */
  refreshRecordings(): void;
  close(channel?: number): void;
};

/**
 * A peer connection of libdatachannel, which cannot restart ICE. It sends the cameras and the sound in the places that the client's first offer has for
 * them, and offers the others once that is answered.
 */
export function openNativePeer({ clock, cameras, microphone, speaker, recorder, order, tell }: Env): NativePeer {
  const pc = new native.PeerConnection(`peer-${order.peer}`, configurationOf(order));
  const channels = new Map<number, native.DataChannel>();
  const taken = new Map<number, number>();
  const sources: readonly Source[] = [...cameras, ...(microphone ? [microphone] : [])];
  const watching = createWatching(clock, () => media?.tell());
  let media: ReturnType<typeof createMediaChannel> | undefined;
  /** All tracks of a peer connection share a transport, on which an extension has one number (RFC 9143 §9.1). */
  let agreedIds = ownIds;
  let asked: number | undefined;
  /** The cameras, and the sound, that have no track yet; undefined before the client's first offer. */
  let waiting: readonly Source[] | undefined;
  /** The track in which the client talks: the library closes one that nothing holds. */
  let voice: { readonly track: native.Track; readonly end: () => void } | undefined;
  let remoteSdp = "";
  let isEnded = false;
  let isClosed = false;

  /** Nothing is sent or played any more. */
  function end(): void {
    if (isEnded) return;
    isEnded = true;
    watching.close();
    voice?.end();
  }

  // Called for a section of the client's that none of this end's tracks took. V8
  pc.onTrack((track) => {
    const type = track.type() === "audio" ? voiceTypeIn(remoteSdp, track.mid()) : undefined;
    if (isEnded || !speaker || voice || type === undefined) return track.close();
    const { hear, end } = speaker.open(order.peer);
    voice = { track, end };
    // Tells the client what was lost, by which it protects what it sends.
    track.setMediaHandler(new native.RtcpReceivingSession());
    track.onMessage((packet) => packet.length > 1 && (packet.readUInt8(1) & 0x7f) === type && hear(packet));
  });
  pc.onLocalDescription((sdp) => {
    if (asked === undefined) return;
    const id = asked;
    asked = undefined;
    tell({ news: "stepped", id, sdp, signalling: pc.signalingState() });
    if (pc.signalingState() === "stable") offerSources();
  });
  pc.onLocalCandidate((candidate, mid) => tell({ news: "candidate", candidate, mid }));
  pc.onStateChange((state) => {
    // The client may leave without a word to the agent, and nobody is watched or listened to for it from then on.
    if (state === "closed" || state === "failed") end();
    tell({ news: "state", state: state as RTCPeerConnectionState });
  });
  pc.onDataChannel((channel) => {
    if (channel.getLabel() === mediaLabel) {
      media = createMediaChannel(channel, { cameras, microphone, speaker, watching, recorder: order.mayRecord ? recorder : undefined });
      return;
    }
    if (channel.getLabel() === recordingChannel.label) {
      const path = order.mayRecord ? recorder.pathOf(channel.getProtocol()) : undefined;
      const begin = () => (path === undefined ? unlessClosed(() => channel.close()) : void sendFile(channel, path));
      if (channel.isOpen()) begin();
      else channel.onOpen(begin);
      return;
    }
    const number = channels.size + 1;
    channels.set(number, channel);
    channel.onOpen(() => tell({ news: "opened", channel: number }));
    channel.onClosed(() => tell({ news: "closed", channel: number }));
    channel.onMessage((data) => typeof data === "string" && tell({ news: "message", channel: number, data }));
    channel.setBufferedAmountLowThreshold(0);
    channel.onBufferedAmountLow(() => unlessClosed(() => tellBuffered(number, channel)));
    tell({ news: "channel", channel: number, label: channel.getLabel() });
    if (channel.isOpen()) tell({ news: "opened", channel: number });
  });

  function tellBuffered(number: number, channel: native.DataChannel): void {
    tell({ news: "buffered", channel: number, taken: taken.get(number) ?? 0, waiting: channel.bufferedAmount() });
  }

  /** The library answers a section that it was told of before by what it was told. */
  function takeMediaSections(sdp: string): void {
    const free = new Set(mediaSectionsIn(sdp));
    waiting = sources.filter((source) => {
      const { codec = "h264" } = source.settings;
      const section = [...free].find(({ payloadTypes: types }) => types[codec] !== undefined);
      if (!section) return true;
      free.delete(section);
      if (!isMicrophone(source)) agreedIds = section.ids;
      addTrack(source, section);
      return false;
    });
  }

  function offerSources(): void {
    if (isEnded || !waiting || waiting.length === 0) return;
    for (const source of waiting) addTrack(source);
    waiting = [];
    tell({ news: "needed" });
  }

  function addTrack(source: Source, section?: MediaSection): void {
    const index = sources.indexOf(source);
    const { name, codec = "h264" } = source.settings;
    const { mid = `camera-${index}`, ids = isMicrophone(source) ? { ...agreedIds, playoutDelay: undefined } : agreedIds } = section ?? {};
    const [payloadType, ssrc] = [section?.payloadTypes[codec] ?? payloadTypes[codec], firstSsrc + index];
    const stream = isMicrophone(source) ? soundStream : name;
    const media = describe(mid, codec, payloadType);
    media.addSSRC(ssrc, "robot", stream, stream);
    // Where it reports when packets came, Chromium does not estimate.
    if (ids.transportSequence !== undefined) media.parseSdpLine(`a=rtcp-fb:${payloadType} transport-cc`);
    for (const [extension, id] of entriesOf(ids)) media.parseSdpLine(`a=extmap:${id} ${extensions[extension].uri}`);
    const track = pc.addTrack(media);
    track.onMessage((packet) => watching.feedback(stream, readRtcp(packet)));
    const way = { isOpen: () => track.isOpen(), send: (packet: Buffer) => unlessClosed(() => track.sendMessageBinary(packet)) };
    if (isMicrophone(source)) watching.addSound(source, way, { payloadType, ssrc, ids });
    else {
      track.onOpen(() => source.requestKeyframe());
      watching.add(source, way, { payloadType, ssrc, ids });
    }
  }

  function step(id: number, asking: Step): void {
    try {
      if (isEnded) throw new DOMException("It is closed.", "InvalidStateError");
      if (asking.step === "remote") {
        remoteSdp = asking.sdp;
        if (!waiting) takeMediaSections(asking.sdp);
        pc.setRemoteDescription(asking.sdp, asking.kind);
      } else if (asking.step === "candidate") pc.addRemoteCandidate(asking.candidate, asking.mid);
      else {
        // For a description that is not due the library ends the process.
        if (pc.signalingState() !== due[asking.kind]) throw new DOMException("It is not due.", "InvalidStateError");
        asked = id;
        pc.setLocalDescription(asking.kind);
        return;
      }
      tell({ news: "stepped", id, signalling: pc.signalingState() });
    } catch (error) {
      tell({ news: "refused", id, says: error instanceof Error ? error.name : "unknown" });
    }
  }

  return {
    watching,
    step,
    send(number, data) {
      const channel = channels.get(number);
      if (!channel?.isOpen()) return;
      unlessClosed(() => {
        channel.sendMessage(data);
        taken.set(number, (taken.get(number) ?? 0) + data.length);
        tellBuffered(number, channel);
      });
    },
    refresh: () => media?.tell(),
    refreshRecordings: () => void media?.tellRecordings(),
    close(number) {
      if (number !== undefined) return unlessClosed(() => channels.get(number)?.close());
      if (isClosed) return;
      isClosed = true;
      end();
      pc.close();
    },
  };
}

function describe(mid: string, codec: keyof typeof payloadTypes, payloadType: number): native.Audio | native.Video {
  if (codec === "opus") {
    const audio = new native.Audio(mid, "SendOnly");
    audio.addOpusCodec(payloadType, opusProfile);
    return audio;
  }
  const video = new native.Video(mid, "SendOnly");
  if (codec === "h264") video.addH264Codec(payloadType, h264Profile);
  else video.addVP8Codec(payloadType);
  return video;
}
