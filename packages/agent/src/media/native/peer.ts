import { recordingChannel } from "@tether/protocol/camera";
import type { Clock } from "@tether/sdk/clock";
import * as native from "node-datachannel";
import type { Camera } from "../camera/camera.ts";
import { payloadTypes } from "../camera/source.ts";
import type { PeerNews, Step, ToMedia } from "../message.ts";
import type { Recorder } from "../record/recorder.ts";
import { readRtcp } from "../rtcp.ts";
import { entriesOf, extensions, ownIds } from "../rtp.ts";
import { createWatching, type Watching } from "../watching.ts";
import { createMediaChannel, mediaLabel } from "./media-channel.ts";
import { type MediaSection, mediaSectionsIn } from "./media-section.ts";
import { sendFile } from "./send-file.ts";
import { serversOf } from "./servers.ts";
import { unlessClosed } from "./unless-closed.ts";

/** Constrained baseline, level 3.1: what every browser decodes (RFC 7742 §6.2). */
const h264Profile = "profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1";
const firstSsrc = 1_000;

type Env = {
  readonly clock: Clock;
  readonly cameras: readonly Camera[];
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
 * A peer connection of libdatachannel, which cannot restart ICE. It sends the cameras in the places that the client's first offer has for
 * them, and offers the others once that is answered.
 */
export function openNativePeer({ clock, cameras, recorder, order, tell }: Env): NativePeer {
  const pc = new native.PeerConnection(`peer-${order.peer}`, {
    iceServers: serversOf(order.iceServers),
    iceTransportPolicy: order.relayOnly ? "relay" : "all",
    disableAutoNegotiation: true,
    // Without it, tracks that are added after the first answer never open.
    forceMediaTransport: true,
  });
  const channels = new Map<number, native.DataChannel>();
  const taken = new Map<number, number>();
  const watching = createWatching(clock);
  let media: ReturnType<typeof createMediaChannel> | undefined;
  /** All tracks of a peer connection share a transport, on which an extension has one number (RFC 9143 §9.1). */
  let agreedIds = ownIds;
  let asked: number | undefined;
  /** The cameras that have no track yet; undefined before the client's first offer. */
  let waiting: readonly Camera[] | undefined;
  let isClosed = false;

  pc.onLocalDescription((sdp) => {
    if (asked === undefined) return;
    const id = asked;
    asked = undefined;
    tell({ news: "stepped", id, sdp, signalling: pc.signalingState() });
    if (pc.signalingState() === "stable") offerCameras();
  });
  pc.onLocalCandidate((candidate, mid) => tell({ news: "candidate", candidate, mid }));
  pc.onStateChange((state) => tell({ news: "state", state: state as RTCPeerConnectionState }));
  pc.onDataChannel((channel) => {
    if (channel.getLabel() === mediaLabel) {
      media = createMediaChannel(channel, { cameras, watching, recorder: order.mayRecord ? recorder : undefined });
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
    waiting = cameras.filter((camera) => {
      const { codec = "h264" } = camera.settings;
      const section = [...free].find(({ payloadTypes: types }) => types[codec] !== undefined);
      if (!section) return true;
      free.delete(section);
      agreedIds = section.ids;
      addTrack(camera, section);
      return false;
    });
  }

  function offerCameras(): void {
    if (!waiting || waiting.length === 0) return;
    for (const camera of waiting) addTrack(camera);
    waiting = [];
    tell({ news: "needed" });
  }

  function addTrack(camera: Camera, section?: MediaSection): void {
    const index = cameras.indexOf(camera);
    const { name, codec = "h264" } = camera.settings;
    const { mid = `camera-${index}`, ids = agreedIds } = section ?? {};
    const [payloadType, ssrc] = [section?.payloadTypes[codec] ?? payloadTypes[codec], firstSsrc + index];
    const video = new native.Video(mid, "SendOnly");
    if (codec === "h264") video.addH264Codec(payloadType, h264Profile);
    else video.addVP8Codec(payloadType);
    video.addSSRC(ssrc, "robot", name, name);
    // Where it reports when packets came, Chromium does not estimate.
    if (ids.transportSequence !== undefined) video.parseSdpLine(`a=rtcp-fb:${payloadType} transport-cc`);
    for (const [extension, id] of entriesOf(ids)) video.parseSdpLine(`a=extmap:${id} ${extensions[extension].uri}`);
    const track = pc.addTrack(video);
    track.onOpen(() => camera.requestKeyframe());
    track.onMessage((packet) => watching.feedback(name, readRtcp(packet)));
    watching.add(
      camera,
      { isOpen: () => track.isOpen(), send: (packet) => unlessClosed(() => track.sendMessageBinary(packet)) },
      { payloadType, ssrc, ids },
    );
  }

  function step(id: number, asking: Step): void {
    try {
      if (asking.step === "remote") {
        if (!waiting) takeMediaSections(asking.sdp);
        pc.setRemoteDescription(asking.sdp, asking.kind);
      } else if (asking.step === "candidate") pc.addRemoteCandidate(asking.candidate, asking.mid);
      else {
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
      watching.close();
      pc.close();
    },
  };
}
