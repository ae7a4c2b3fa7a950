import { recordingChannel, soundStream } from "@tether/protocol/camera";
import type { Clock } from "@tether/sdk/clock";
import * as native from "node-datachannel";
import type { Camera } from "../camera/camera.ts";
import type { Microphone } from "../camera/microphone.ts";
import { payloadTypes } from "../camera/source.ts";
import { originOf } from "../error-origin.ts";
import type { PeerNews, Step, ToMedia } from "../message.ts";
import type { Recorder } from "../record/recorder.ts";
import { readRtcp } from "../rtcp.ts";
import { entriesOf, extensions, ownIds } from "../rtp.ts";
import type { Speaker } from "../sound/voice.ts";
import { createWatching, type Watching } from "../watching.ts";
import { createChannels } from "./channels.ts";
import { configurationOf } from "./configuration.ts";
import { mediaOf } from "./description.ts";
import { createGuard } from "./guard.ts";
import { createMediaChannel, mediaLabel } from "./media-channel.ts";
import { type MediaSection, mediaSectionsIn, voiceTypeIn } from "./media-section.ts";
import { sendFile } from "./send-file.ts";
import { isOpen, unlessClosed } from "./unless-closed.ts";

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
 * them, and offers the others once that is answered. Undefined for one that could not be made, which was told.
 */
export function openNativePeer(env: Env): NativePeer | undefined {
  try {
    return open(new native.PeerConnection(`peer-${env.order.peer}`, configurationOf(env.order)), env);
  } catch (error) {
    env.tell({ news: "failed", says: originOf(error) });
    return undefined;
  }
}

function open(pc: native.PeerConnection, { clock, cameras, microphone, speaker, recorder, order, ...env }: Env): NativePeer {
  const guard = createGuard(fail);
  const channels = createChannels({ guard, tell });
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
  let isFailed = false;

  /** The library goes on to call for a while after its peer connection failed here. */
  function tell(news: PeerNews): void {
    if (!isFailed || news.news === "refused") env.tell(news);
  }

  /** Nothing is sent or played any more. */
  function end(): void {
    if (isEnded) return;
    isEnded = true;
    watching.close();
    voice?.end();
  }

  /** This peer connection ends by its error, and none of the others does. */
  function fail(error: unknown): void {
    if (isClosed) return;
    tell({ news: "failed", says: originOf(error) });
    isFailed = true;
    close();
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    end();
    unlessClosed(() => pc.close());
  }

  // Called for a section of the client's that none of this end's tracks took. V8
  function takeTrack(track: native.Track): void {
    const type = track.type() === "audio" ? voiceTypeIn(remoteSdp, track.mid()) : undefined;
    if (isEnded || !speaker || voice || type === undefined) {
      track.close();
      return;
    }
    const { hear, end } = speaker.open(order.peer);
    voice = { track, end };
    // Tells the client what was lost, by which it protects what it sends.
    track.setMediaHandler(new native.RtcpReceivingSession());
    track.onMessage(guard((packet) => packet.length > 1 && (packet.readUInt8(1) & 0x7f) === type && hear(packet)));
  }

  function takeDescription(sdp: string): void {
    if (asked === undefined) return;
    const id = asked;
    asked = undefined;
    tell({ news: "stepped", id, sdp, signalling: pc.signalingState() });
    if (pc.signalingState() === "stable") offerSources();
  }

  function takeState(state: string): void {
    // The client may leave without a word to the agent, and nobody is watched or listened to for it from then on.
    if (state === "closed" || state === "failed") end();
    tell({ news: "state", state: state as RTCPeerConnectionState });
  }

  function takeChannel(channel: native.DataChannel): void {
    if (channel.getLabel() === mediaLabel) {
      media = createMediaChannel(channel, {
        cameras,
        microphone,
        speaker,
        watching,
        guard,
        recorder: order.mayRecord ? recorder : undefined,
      });
      return;
    }
    if (channel.getLabel() === recordingChannel.label) {
      const path = order.mayRecord ? recorder.pathOf(channel.getProtocol()) : undefined;
      const begin = () => (path === undefined ? unlessClosed(() => channel.close()) : void sendFile(channel, path));
      if (channel.isOpen()) begin();
      else channel.onOpen(guard(begin));
      return;
    }
    channels.add(channel);
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
    const media = mediaOf(mid, codec, payloadType);
    media.addSSRC(ssrc, "robot", stream, stream);
    // Where it reports when packets came, Chromium does not estimate.
    if (ids.transportSequence !== undefined) media.parseSdpLine(`a=rtcp-fb:${payloadType} transport-cc`);
    for (const [extension, id] of entriesOf(ids)) media.parseSdpLine(`a=extmap:${id} ${extensions[extension].uri}`);
    const track = pc.addTrack(media);
    track.onMessage(guard((packet) => watching.feedback(stream, readRtcp(packet))));
    const send = (packet: Buffer) => unlessClosed(() => track.isOpen() && track.sendMessageBinary(packet));
    const way = { isOpen: () => isOpen(track), send };
    if (isMicrophone(source)) watching.addSound(source, way, { payloadType, ssrc, ids });
    else {
      track.onOpen(guard(() => source.requestKeyframe()));
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

  guard(() => {
    pc.onTrack(guard(takeTrack));
    pc.onLocalDescription(guard(takeDescription));
    pc.onLocalCandidate(guard((candidate, mid) => tell({ news: "candidate", candidate, mid })));
    pc.onStateChange(guard(takeState));
    // The client may have closed a channel before it is taken here, which is the end of nothing else.
    pc.onDataChannel((channel) => createGuard((error) => isOpen(channel) && fail(error))(takeChannel)(channel));
  })();

  return {
    watching,
    step,
    send: channels.send,
    refresh: () => media?.tell(),
    refreshRecordings: () => void media?.tellRecordings(),
    close: (number) => (number === undefined ? close() : channels.close(number)),
  };
}
