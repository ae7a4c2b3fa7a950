import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, test, vi } from "vitest";
import { createCamera } from "../../../src/media/camera/camera.ts";
import { microphoneOf } from "../../../src/media/camera/microphone.ts";
import type { PeerNews } from "../../../src/media/message.ts";
import { mediaLabel } from "../../../src/media/native/media-channel.ts";
import { openNativePeer } from "../../../src/media/native/peer.ts";
import { createRecorder } from "../../../src/media/record/recorder.ts";
import { createSpeaker } from "../../../src/media/sound/voice.ts";
import { createWatch } from "../../watch.ts";
import { offer } from "./client-offer.ts";

/** The callbacks that the library would call: its own thread calls at times that no test can rely on. */
const calls = new Map<string, (told: unknown) => void>();

vi.mock("node-datachannel", () => {
  const quiet = () => undefined;
  const takes = (name: string) => (call: (told: unknown) => void) => void calls.set(name, call);
  class Media {
    addVP8Codec = quiet;
    addOpusCodec = quiet;
    addSSRC = quiet;
    parseSdpLine = quiet;
  }
  class PeerConnection {
    onTrack = takes("track");
    onLocalDescription = quiet;
    onLocalCandidate = quiet;
    onStateChange = takes("state");
    onDataChannel = takes("channel");
    setRemoteDescription = quiet;
    signalingState = () => "stable";
    addTrack = () => ({ onMessage: quiet, onOpen: quiet, isOpen: () => false });
    close = quiet;
  }
  return { PeerConnection, Video: Media, Audio: Media, RtcpReceivingSession: class {} };
});

/** A robot's end with a camera, a microphone and a speaker, whose programs are names in a list. */
function openRobot() {
  const clock = createVirtualClock({ startAt: 0, idle: async () => {} });
  const running = createWatch<readonly string[]>();
  const now = new Set<string>();
  const launch = (name: string) => {
    now.add(name);
    running.put([...now].sort());
    return {
      requestKeyframe() {},
      setBitrate() {},
      play() {},
      async end() {
        now.delete(name);
        running.put([...now].sort());
      },
    };
  };
  const quiet = { clock, onState() {}, onFrame() {}, launch: ({ name }: { readonly name: string }) => launch(name) };
  const news = createWatch<PeerNews>();
  const speaker = createSpeaker({
    clock,
    settings: { sink: "pulse" },
    onState() {},
    launch(_, { playing }) {
      // Once the speaker knows of its program.
      queueMicrotask(playing);
      return launch("speaker");
    },
  });
  speaker.setHolder(1);
  const peer = openNativePeer({
    clock,
    cameras: [createCamera({ ...quiet, settings: { name: "front", source: "test", codec: "vp8" } })],
    microphone: createCamera({ ...quiet, settings: microphoneOf({ source: "test" }) }),
    speaker,
    recorder: createRecorder({ folder: "/nowhere", clock, saved() {} }),
    order: { type: "open", peer: 1, iceServers: [], relayOnly: false, mayRecord: true },
    tell: news.put,
  });
  if (!peer) return expect.fail("It could not be made.");
  return { clock, peer, news, running };
}

test.each(["closed", "failed"])(
  "the programs of a camera, the microphone and the speaker end soon after a peer connection %s, though nobody closes it here [V6, V8]",
  async (state) => {
    const { clock, peer, news, running } = openRobot();
    peer.step(1, { step: "local", kind: "answer" });
    expect(news.all).toMatchObject([{ news: "refused", id: 1 }]);
    peer.step(2, { step: "remote", kind: "offer", sdp: offer });
    calls.get("track")?.({ type: () => "audio", mid: () => "2", setMediaHandler() {}, onMessage() {}, close() {} });
    let hear = (_: string) => {};
    const onMessage = (call: (data: string) => void) => {
      hear = call;
    };
    calls.get("channel")?.({ getLabel: () => mediaLabel, isOpen: () => true, sendMessage() {}, onOpen() {}, onMessage });
    hear(JSON.stringify({ type: "hear", isHeard: true }));
    expect(running.all.at(-1)).toEqual(["front", "microphone", "speaker"]);
    calls.get("state")?.(state);
    await clock.advance(31_000);
    expect(running.all.at(-1)).toEqual([]);
    peer.step(3, { step: "remote", kind: "offer", sdp: offer });
    expect(news.all.at(-1)).toMatchObject({ news: "refused", id: 3 });
  },
);
