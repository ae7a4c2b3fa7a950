import type { DataChannel } from "node-datachannel";
import { expect, test } from "vitest";
import { createMediaChannel } from "../../../src/media/native/media-channel.ts";
import type { Recorder, Recording } from "../../../src/media/record/recorder.ts";
import { createWatching } from "../../../src/media/watching.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("the list that is told last has every recording, also where one is written while another list is read [V3]", async () => {
  const sent: { type: string; recordings?: Recording[] }[] = [];
  let hear: (data: string) => void = () => {};
  const channel = {
    isOpen: () => true,
    sendMessage: (text: string) => sent.push(JSON.parse(text)),
    onOpen() {},
    onMessage(heard: (data: string) => void) {
      hear = heard;
    },
  } as unknown as DataChannel;
  const written: Recording[] = [];
  const reading: (() => void)[] = [];
  // The folder is read at once, and its answer comes when the test says so.
  const list = async () => {
    const found = [...written];
    await new Promise<void>((resolve) => reading.push(resolve));
    return found;
  };
  const watching = createWatching({ now: () => 0, after: () => () => {} });
  const media = createMediaChannel(channel, { cameras: [], watching, recorder: { list } as unknown as Recorder });
  hear(JSON.stringify({ type: "recordings" }));
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
