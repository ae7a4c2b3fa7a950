import * as native from "node-datachannel";
import { expect, onTestFinished, test } from "vitest";
import { createVirtualClock } from "../../../../sdk/test/virtual-clock.ts";
import { openNativePeer } from "../../../src/media/native/peer.ts";
import type { Speaker } from "../../../src/media/sound/voice.ts";
import { recorder } from "./no-recorder.ts";

/** An offer of somebody who talks, as the library writes it. */
async function offerOfSound(): Promise<string> {
  const pc = new native.PeerConnection("client", { iceServers: [], disableAutoNegotiation: true });
  onTestFinished(() => pc.close());
  const offered = new Promise<string>((resolve) => pc.onLocalDescription(resolve));
  const audio = new native.Audio("voice", "SendOnly");
  audio.addOpusCodec(111);
  pc.addTrack(audio);
  pc.setLocalDescription("offer");
  return offered;
}

test("a section in which somebody talks is taken from whoever connected as a viewer too, who may be given control since [V9]", async () => {
  const sdp = await offerOfSound();
  const opened: number[] = [];
  const speaker: Speaker = {
    state: { state: "off" },
    open(peer) {
      opened.push(peer);
      return { hear() {}, end() {} };
    },
    setHolder() {},
    close: async () => {},
  };
  const answered = Promise.withResolvers<string>();
  const peer = openNativePeer({
    clock: createVirtualClock(),
    cameras: [],
    microphone: undefined,
    speaker,
    recorder,
    order: { type: "open", peer: 7, iceServers: [], relayOnly: false, mayRecord: false },
    tell: (news) => news.news === "stepped" && news.sdp && answered.resolve(news.sdp),
  });
  if (!peer) return expect.fail("It could not be made.");
  onTestFinished(() => peer.close());
  peer.step(1, { step: "remote", kind: "offer", sdp });
  peer.step(2, { step: "local", kind: "answer" });
  expect(await answered.promise).toMatch(/^a=recvonly/m);
  await expect.poll(() => opened).toEqual([7]);
});
