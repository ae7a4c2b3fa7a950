import { platform } from "@tether/sdk/platform";
import { expect, onTestFinished, test } from "vitest";
import { machineClock } from "../../../src/driver/frame/machine-clock.ts";
import { microphoneOf } from "../../../src/media/camera/microphone.ts";
import { createLaunchCamera } from "../../../src/media/camera/process.ts";
import { type RtpHeader, readRtp } from "../../../src/media/rtp.ts";
import { createLaunchSpeaker } from "../../../src/media/sound/play.ts";
import { createWatch } from "../../watch.ts";

const clock = { ...platform.clock, now: machineClock.now };
const told = { log() {}, began() {}, ended() {} };

/** The real program of a microphone, and what comes of it. */
function microphone(source: string) {
  const packets = createWatch<RtpHeader & { readonly bytes: number }>();
  const ended = createWatch<string>();
  const run = createLaunchCamera(clock, told)(microphoneOf({ source, kbits: 24 }), 24_000, {
    packet(packet) {
      const header = readRtp(packet);
      if (header) packets.put({ ...header, bytes: packet.length });
    },
    frame() {},
    ended: ended.put,
  });
  onTestFinished(run.end);
  return { packets, ended };
}

/** The real program of a speaker. */
function speaker(sink: string) {
  const playing = createWatch<true>();
  const ended = createWatch<string>();
  const run = createLaunchSpeaker(clock, told)({ sink }, { playing: () => playing.put(true), ended: ended.put });
  onTestFinished(run.end);
  return { run, playing, ended };
}

test.each([
  ["a tone", "test"],
  ["a pipeline", "gst:audiotestsrc is-live=true wave=pink-noise ! audio/x-raw,rate=44100,channels=2"],
  [
    "a program",
    "rtp:gst-launch-1.0 -q audiotestsrc is-live=true ! opusenc bitrate=24000 ! rtpopuspay pt=$TETHER_PAYLOAD_TYPE ! udpsink host=127.0.0.1 port=$TETHER_RTP_PORT",
  ],
])("%s comes as Opus in frames of 20 ms, at the bitrate that is asked for", async (_, source) => {
  const { packets, ended } = microphone(source);
  await packets.until("half a second", () => packets.all.length > 25);
  // The first frame lacks what the encoder looks ahead.
  const frames = packets.all.slice(1, 26);
  const steps = frames.slice(1).map(({ timestamp }, at) => (timestamp - (frames[at]?.timestamp ?? 0)) >>> 0);
  expect(new Set(steps)).toEqual(new Set([960]));
  // The header of a packet has 12 bytes.
  const bits = (frames.reduce((sum, { bytes }) => sum + bytes - 12, 0) * 8) / (frames.length * 0.02);
  expect([bits > 10_000 && bits < 40_000, ended.all]).toEqual([true, []]);
});

test.each([
  ["microphone", microphone],
  ["speaker", speaker],
])("a %s that GStreamer does not know is told in its words", async (_, start) => {
  const { ended } = start("gst:nosuchthing");
  expect(await ended.until("its end", () => true)).toMatch(/nosuchthing/);
});

/** A frame of silence in Opus, as RTP. */
function silence(sequence: number): Buffer {
  const made = Buffer.from("806f000000000000000000010000", "hex");
  made.writeUInt16BE(sequence, 2);
  made.writeUInt32BE(sequence * 960, 4);
  made.writeUInt16BE(0xf8ff, 12);
  return Buffer.concat([made, Buffer.from([0xfe])]);
}

test("a speaker plays once sound comes out, and one whose device does not open never does", async () => {
  const { run, playing, ended } = speaker("gst:fakesink sync=true");
  const busy = speaker("gst:filesink location=/nowhere/sound");
  expect(await busy.ended.until("its end", () => true)).toMatch(/nowhere/);
  let sequence = 0;
  const send = () => {
    sequence += 1;
    run.play(silence(sequence));
    return playing.all;
  };
  await expect.poll(send, { timeout: 20_000, interval: 20 }).toEqual([true]);
  expect([busy.playing.all, ended.all]).toEqual([[], []]);
});

test("a program plays what is sent to it, and its end is told", async () => {
  const { run, playing, ended } = speaker("rtp:gst-launch-1.0 -q udpsrc address=127.0.0.1 port=$TETHER_RTP_PORT num-buffers=3 ! fakesink");
  await playing.until("its start", () => true);
  // The program has yet to open its port.
  const send = () => {
    run.play(Buffer.alloc(40));
    return ended.all;
  };
  await expect.poll(send, { timeout: 20_000 }).toEqual(["Its program ended with status 0."]);
});
