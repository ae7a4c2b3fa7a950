import type { DataChannel } from "node-datachannel";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../../../sdk/test/virtual-clock.ts";
import type { Camera } from "../../../src/media/camera/camera.ts";
import { type Microphone, microphoneOf } from "../../../src/media/camera/microphone.ts";
import type { Guard } from "../../../src/media/native/guard.ts";
import { createMediaChannel } from "../../../src/media/native/media-channel.ts";
import type { Recorder, Recording } from "../../../src/media/record/recorder.ts";
import { createWatching } from "../../../src/media/watching.ts";

/** A channel that is open, what is sent on it, and the way to say something on it. */
function channelOf<Message>() {
  const sent: Message[] = [];
  let hear: (data: string) => void = () => {};
  const channel = {
    isOpen: () => true,
    sendMessage: (text: string) => sent.push(JSON.parse(text)),
    onOpen() {},
    onMessage(heard: (data: string) => void) {
      hear = heard;
    },
  } as unknown as DataChannel;
  return { channel, sent, hear: (message: object) => hear(JSON.stringify(message)) };
}

const guard: Guard = (call) => call;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("the list that is told last has every recording, also where one is written while another list is read [V3]", async () => {
  const { channel, sent, hear } = channelOf<{ type: string; recordings?: Recording[] }>();
  const written: Recording[] = [];
  const reading: (() => void)[] = [];
  // The folder is read at once, and its answer comes when the test says so.
  const list = async () => {
    const found = [...written];
    await new Promise<void>((resolve) => reading.push(resolve));
    return found;
  };
  const watching = createWatching({ now: () => 0, after: () => () => {} });
  const media = createMediaChannel(channel, { guard, cameras: [], watching, recorder: { list } as unknown as Recorder });
  hear({ type: "recordings" });
  await turn();
  written.push({ name: "a.mcap", bytes: 1 });
  void media.tellRecordings();
  await turn();
  // The later one first, where there are two.
  while (reading.length > 0) {
    reading.pop()?.();
    await turn();
  }
  const told = sent.flatMap(({ recordings }) => (recordings ? [recordings.length] : []));
  expect(told).toEqual([0, 1]);
});

test("a robot with a microphone tells how its sound is, and sends it to who says that it hears [V5, V6]", async () => {
  const { channel, sent, hear } = channelOf();
  let listeners = 0;
  const microphone: Camera<Microphone> = {
    settings: microphoneOf({ source: "test" }),
    state: { state: "off" },
    watch() {
      listeners += 1;
      return () => {
        listeners -= 1;
      };
    },
    requestKeyframe() {},
    setBitrate() {},
    close: async () => {},
  };
  const watching = createWatching(createVirtualClock());
  watching.addSound(microphone, { isOpen: () => true, send() {} }, { payloadType: 111, ssrc: 1, ids: {} });
  createMediaChannel(channel, { guard, cameras: [], microphone, watching, recorder: undefined });
  expect([sent, listeners]).toEqual([[{ type: "cameras", cameras: [], microphone: { state: "off" } }], 0]);
  hear({ type: "hear", isHeard: true });
  expect(listeners).toBe(1);
  hear({ type: "hear", isHeard: "yes" });
  hear({ type: "hear", isHeard: false });
  expect(listeners).toBe(0);
});

test("a robot with a speaker tells how it is [V8]", () => {
  const { channel, sent } = channelOf();
  const watching = createWatching(createVirtualClock());
  createMediaChannel(channel, {
    guard,
    cameras: [],
    speaker: { state: { state: "failed", says: "Busy." } },
    watching,
    recorder: undefined,
  });
  expect(sent).toEqual([{ type: "cameras", cameras: [], speaker: { state: "failed", says: "Busy." } }]);
});

test("a robot without microphone and speaker says nothing of sound [V5, V8]", () => {
  const { channel, sent } = channelOf();
  createMediaChannel(channel, { guard, cameras: [], watching: createWatching(createVirtualClock()), recorder: undefined });
  expect(sent).toEqual([{ type: "cameras", cameras: [] }]);
});

test("a robot without cameras makes no recording, and tells of those it has [V3]", async () => {
  const { channel, sent, hear } = channelOf();
  const kept: string[] = [];
  const recorder = { keep: (reason: string) => kept.push(reason), list: async () => [{ name: "a.mcap", bytes: 1 }] } as unknown as Recorder;
  createMediaChannel(channel, { guard, cameras: [], watching: createWatching(createVirtualClock()), recorder });
  hear({ type: "keep" });
  hear({ type: "recordings" });
  await turn();
  expect([kept, sent.at(-1)]).toEqual([[], { type: "recordings", recordings: [{ name: "a.mcap", bytes: 1 }] }]);
});
