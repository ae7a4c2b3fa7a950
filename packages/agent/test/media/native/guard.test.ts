import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, test, vi } from "vitest";
import { createCamera } from "../../../src/media/camera/camera.ts";
import { microphoneOf } from "../../../src/media/camera/microphone.ts";
import type { CameraEvents } from "../../../src/media/camera/process.ts";
import type { PeerNews } from "../../../src/media/message.ts";
import { openNativePeer } from "../../../src/media/native/peer.ts";
import { createSpeaker } from "../../../src/media/sound/voice.ts";
import { offer } from "./client-offer.ts";
import { recorder } from "./no-recorder.ts";

type Call = (...args: unknown[]) => unknown;

/** A native library whose nth call throws, and what it calls back. */
const library = vi.hoisted(() => ({ calls: [] as string[], faultAt: 0, back: new Map<string, Call>() }));

/** Stands for a call that the library takes. It may throw at any time, and what it says may hold what it was given. */
function native(name: string, answer: unknown = undefined): Call {
  return (...args) => {
    library.calls.push(name);
    if (library.calls.length === library.faultAt) throw new Error("libdatachannel error: a=ice-pwd:secret");
    const [call] = args;
    if (typeof call === "function") library.back.set(name, call as Call);
    return answer;
  };
}

const trackOf = (name: string) => ({
  type: native(`${name}.type`, "audio"),
  mid: native(`${name}.mid`, "2"),
  isOpen: native(`${name}.isOpen`, true),
  onOpen: native(`${name}.onOpen`),
  onMessage: native(`${name}.onMessage`),
  setMediaHandler: native(`${name}.setMediaHandler`),
  sendMessageBinary: native(`${name}.sendMessageBinary`),
  close: native(`${name}.close`),
});

const channelOf = (label: string) => ({
  getLabel: native(`${label}.getLabel`, label),
  getProtocol: native(`${label}.getProtocol`, "none.mcap"),
  isOpen: native(`${label}.isOpen`, true),
  onOpen: native(`${label}.onOpen`),
  onClosed: native(`${label}.onClosed`),
  onMessage: native(`${label}.onMessage`),
  onBufferedAmountLow: native(`${label}.onBufferedAmountLow`),
  setBufferedAmountLowThreshold: native(`${label}.setBufferedAmountLowThreshold`),
  bufferedAmount: native(`${label}.bufferedAmount`, 0),
  sendMessage: native(`${label}.sendMessage`, true),
  close: native(`${label}.close`),
});

vi.mock("node-datachannel", () => {
  class Media {
    addVP8Codec = native("addVP8Codec");
    addOpusCodec = native("addOpusCodec");
    addSSRC = native("addSSRC");
    parseSdpLine = native("parseSdpLine");
  }
  class PeerConnection {
    state = "have-remote-offer";
    constructor() {
      native("PeerConnection")();
    }
    onTrack = native("onTrack");
    onLocalDescription = native("onLocalDescription");
    onLocalCandidate = native("onLocalCandidate");
    onStateChange = native("onStateChange");
    onDataChannel = native("onDataChannel");
    setRemoteDescription = native("setRemoteDescription");
    setLocalDescription = native("setLocalDescription");
    addRemoteCandidate = native("addRemoteCandidate");
    signalingState = native("signalingState", "have-remote-offer");
    addTrack = native("addTrack", trackOf("track"));
    close = native("close");
  }
  class RtcpReceivingSession {
    constructor() {
      native("RtcpReceivingSession")();
    }
  }
  return { PeerConnection, Video: Media, Audio: Media, RtcpReceivingSession };
});

/** A keyframe of VP8 in one packet. */
const packet = Buffer.from([0x80, 0xe0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0x10, 0, 0, 0]);

/** The life of one peer connection, in which the nth call of the library throws; which that was, and what the agent was told. */
async function live(faultAt: number) {
  Object.assign(library, { calls: [], faultAt });
  library.back.clear();
  const clock = createVirtualClock({ startAt: 0, idle: async () => {} });
  const news: PeerNews[] = [];
  let running = 0;
  let camera: CameraEvents | undefined;
  const end = async () => {
    running -= 1;
  };
  const launch = (_: unknown, __: unknown, events?: CameraEvents) => {
    running += 1;
    camera = events ?? camera;
    return { requestKeyframe() {}, setBitrate() {}, play() {}, end };
  };
  const speaker = createSpeaker({ clock, settings: { sink: "pulse" }, onState() {}, launch });
  speaker.setHolder(1);
  const quiet = { clock, launch, onState() {}, onFrame() {} };
  const peer = openNativePeer({
    clock,
    cameras: [createCamera({ ...quiet, settings: { name: "front", source: "test", codec: "vp8" } })],
    microphone: createCamera({ ...quiet, settings: microphoneOf({ source: "test" }) }),
    speaker,
    recorder,
    order: { type: "open", peer: 1, iceServers: [], relayOnly: false, mayRecord: true },
    tell: (one) => news.push(one),
  });
  const back = (name: string, ...args: unknown[]) => library.back.get(name)?.(...args);
  peer?.step(1, { step: "remote", kind: "offer", sdp: offer });
  peer?.step(2, { step: "local", kind: "answer" });
  back("onLocalDescription", "v=0");
  back("onLocalCandidate", "candidate", "0");
  peer?.step(3, { step: "candidate", candidate: "candidate", mid: "0" });
  back("onStateChange", "connected");
  back("onTrack", trackOf("voice"));
  for (const label of ["control", "tether.media", "tether.recording"]) {
    back("onDataChannel", channelOf(label));
    back(`${label}.onOpen`);
    back(`${label}.onMessage`, JSON.stringify({ type: "hear", isHeard: true }));
  }
  back("track.onOpen");
  camera?.packet(packet);
  back("track.onMessage", Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 1]));
  back("voice.onMessage", packet);
  peer?.send(1, "{}");
  back("control.onBufferedAmountLow");
  peer?.refresh();
  peer?.refreshRecordings();
  await clock.advance(1_000);
  peer?.close(1);
  back("control.onClosed");
  const last = news.findIndex((one) => one.news === "failed");
  if (last >= 0) peer?.step(4, { step: "remote", kind: "offer", sdp: offer });
  peer?.close();
  await clock.advance(31_000);
  return { call: library.calls[faultAt - 1], news, last, running };
}

test("whichever call of the library throws, a peer connection's own end or refusal is all that comes of it", async () => {
  const became = new Map<string, Set<string>>();
  for (let faultAt = 1; ; faultAt += 1) {
    const { call, news, last, running } = await live(faultAt);
    if (call === undefined) break;
    const failures = news.filter((one) => one.news === "failed");
    const refused = news.some((one) => one.news === "refused" && one.id < 4);
    became.set(call, (became.get(call) ?? new Set()).add(failures.length > 0 ? "failed" : refused ? "refused" : "went on"));
    expect([call, JSON.stringify(news).includes("secret"), failures.length <= 1, running]).toEqual([call, false, true, 0]);
    if (last >= 0) expect([call, news.slice(last + 1).every((one) => one.news === "refused")]).toEqual([call, true]);
  }
  const all = (outcome: string) => [...became].filter(([, outcomes]) => outcomes.has(outcome)).map(([call]) => call);
  expect(became.size).toBeGreaterThan(40);
  expect(all("failed")).toEqual(expect.arrayContaining(["PeerConnection", "onTrack", "RtcpReceivingSession", "voice.onMessage"]));
  expect(all("refused")).toEqual(expect.arrayContaining(["setRemoteDescription", "setLocalDescription", "addTrack", "addRemoteCandidate"]));
  // A channel and a track close at any time, which their own events tell.
  expect(all("went on")).toEqual(
    expect.arrayContaining(["track.sendMessageBinary", "control.sendMessage", "tether.media.sendMessage", "close"]),
  );
});

test("a channel that the client closed before it was taken is the end of nothing else", async () => {
  const news: PeerNews[] = [];
  Object.assign(library, { calls: [], faultAt: 0 });
  const clock = createVirtualClock({ startAt: 0, idle: async () => {} });
  const order = { type: "open", peer: 1, iceServers: [], relayOnly: false, mayRecord: false } as const;
  const peer = openNativePeer({
    clock,
    cameras: [],
    microphone: undefined,
    speaker: undefined,
    recorder,
    order,
    tell: (one) => news.push(one),
  });
  const getLabel = () => {
    throw new Error("getLabel() called on destroyed channel");
  };
  library.back.get("onDataChannel")?.({ ...channelOf("control"), getLabel, isOpen: () => false });
  library.back.get("onDataChannel")?.(channelOf("control"));
  expect(news.map(({ news }) => news)).toEqual(["channel", "opened"]);
  peer?.close();
});
