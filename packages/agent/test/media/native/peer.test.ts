import { createVirtualClock } from "@tether/local/clock/virtual";
import * as native from "node-datachannel";
import { expect, onTestFinished, test } from "vitest";
import { createCamera } from "../../../src/media/camera/camera.ts";
import { microphoneOf } from "../../../src/media/camera/microphone.ts";
import type { PeerNews } from "../../../src/media/message.ts";
import { mediaLabel } from "../../../src/media/native/media-channel.ts";
import { openNativePeer } from "../../../src/media/native/peer.ts";
import { createRecorder } from "../../../src/media/record/recorder.ts";
import { createSpeaker } from "../../../src/media/sound/voice.ts";
import { createWatch } from "../../watch.ts";

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
  const heard: ((one: PeerNews) => unknown)[] = [];
  const peer = openNativePeer({
    clock,
    cameras: [createCamera({ ...quiet, settings: { name: "front", source: "test", codec: "vp8" } })],
    microphone: createCamera({ ...quiet, settings: microphoneOf({ source: "test" }) }),
    speaker,
    recorder: createRecorder({ folder: "/nowhere", clock, saved() {} }),
    order: { type: "open", peer: 1, iceServers: [], relayOnly: false, isOperator: true },
    tell(one) {
      news.put(one);
      for (const hear of heard) hear(one);
    },
  });
  onTestFinished(() => peer.close());
  return { clock, peer, news, heard, running };
}

/** A client that watches the camera, hears the robot and talks. What nothing holds is closed. */
function createClient() {
  const pc = new native.PeerConnection("client", { iceServers: [], disableAutoNegotiation: true, forceMediaTransport: true });
  const [picture, sound, voice] = [new native.Video("0", "RecvOnly"), new native.Audio("1", "RecvOnly"), new native.Audio("2", "SendOnly")];
  picture.addVP8Codec(96);
  for (const audio of [sound, voice]) audio.addOpusCodec(111);
  const tracks = [picture, sound, voice].map((one) => pc.addTrack(one));
  const channel = pc.createDataChannel(mediaLabel);
  channel.onOpen(() => channel.sendMessage(JSON.stringify({ type: "hear", isHeard: true })));
  onTestFinished(() => pc.close());
  return { pc, held: { tracks, channel } };
}

test("the programs of a camera, the microphone and the speaker end soon after the client of a peer connection left, though nobody closes it here [V6, V8]", async () => {
  const { clock, peer, news, heard, running } = openRobot();
  const { pc, held } = createClient();
  peer.step(1, { step: "local", kind: "answer" });
  expect(news.all).toMatchObject([{ news: "refused", id: 1 }]);
  pc.onLocalDescription((sdp) => {
    peer.step(2, { step: "remote", kind: "offer", sdp });
    peer.step(3, { step: "local", kind: "answer" });
  });
  pc.onLocalCandidate((candidate, mid) => peer.step(5, { step: "candidate", candidate, mid }));
  pc.setLocalDescription("offer");
  const answered = await news.until("an answer", (one) => one.news === "stepped" && one.id === 3);
  if (answered.news === "stepped") pc.setRemoteDescription(answered.sdp ?? "", "answer");
  const take = (one: PeerNews) => one.news === "candidate" && pc.addRemoteCandidate(one.candidate, one.mid);
  news.all.forEach(take);
  heard.push(take);
  await running.until("its programs", (all) => all.length === 3);
  expect(running.all.at(-1)).toEqual(["front", "microphone", "speaker"]);
  pc.close();
  await news.until("its end", (one) => one.news === "state" && one.state === "closed");
  await clock.advance(31_000);
  expect([running.all.at(-1), held.tracks.length]).toEqual([[], 3]);
  peer.step(4, { step: "local", kind: "offer" });
  expect(news.all.at(-1)).toMatchObject({ news: "refused", id: 4 });
});
