import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, test } from "vitest";
import type { SourceState } from "../../../src/media/camera/upkeep.ts";
import { readRtp } from "../../../src/media/rtp.ts";
import { createSpeaker } from "../../../src/media/sound/voice.ts";

/** A packet of Opus; 48 ticks of the timestamp are a ms. */
function packet(sequence: number, timestamp: number): Buffer {
  const made = Buffer.alloc(20);
  made.writeUInt16BE(0x806d, 0);
  made.writeUInt16BE(sequence, 2);
  made.writeUInt32BE(timestamp, 4);
  made.writeUInt32BE(sequence, 8);
  return made;
}

/** A speaker whose program is the test, and the packets that it plays. */
function speaker() {
  const clock = createVirtualClock({ startAt: 1_000_000, idle: async () => {} });
  const states: SourceState[] = [];
  const played: Buffer[] = [];
  const runs: { playing(): void; ended(says: string): void }[] = [];
  let ends = 0;
  const made = createSpeaker({
    settings: { sink: "pulse" },
    clock,
    launch(_, heard) {
      runs.push(heard);
      return {
        play: (one) => void played.push(one),
        end: async () => {
          ends += 1;
        },
      };
    },
    onState: (state) => states.push(state),
  });
  const headers = () => played.map((one) => readRtp(one));
  return { clock, speaker: made, states, played, headers, runs, ends: () => ends };
}

test("whoever holds control is heard, and nobody else [V9]", () => {
  const { speaker: made, played } = speaker();
  const [holder, other] = [made.open(1), made.open(2)];
  for (const voice of [holder, other]) voice.hear(packet(1, 960));
  expect(played).toEqual([]);
  made.setHolder(1);
  other.hear(packet(2, 1_920));
  holder.hear(packet(2, 1_920));
  expect(played.map((one) => [(one.readUInt8(1) & 0x7f) === 111, one.readUInt32BE(8)])).toEqual([[true, 1]]);
  made.setHolder(2);
  holder.hear(packet(3, 2_880));
  expect(played).toHaveLength(1);
  made.setHolder(undefined);
  other.hear(packet(3, 2_880));
  expect(played).toHaveLength(1);
});

test("one voice after the other, and after a pause, are one stream that goes by the clock", async () => {
  const { clock, speaker: made, headers } = speaker();
  const [one, other] = [made.open(1), made.open(2)];
  made.setHolder(1);
  one.hear(packet(700, 960));
  await clock.advance(20);
  one.hear(packet(701, 1_920));
  await clock.advance(1_000);
  one.hear(packet(702, 2_880));
  made.setHolder(2);
  await clock.advance(20);
  other.hear(packet(9, 5));
  expect(headers()).toMatchObject([
    { sequence: 1, timestamp: 960 },
    { sequence: 2, timestamp: 1_920 },
    { sequence: 3, timestamp: 1_920 + 48_000 },
    { sequence: 4, timestamp: 1_920 + 48_960 },
  ]);
});

test("its program runs from when whoever holds control may talk, also while nobody says anything, and half a minute longer than their connection [V8]", async () => {
  const { clock, speaker: made, states, runs, ends } = speaker();
  const voice = made.open(1);
  expect([made.state, runs.length]).toEqual([{ state: "off" }, 0]);
  made.setHolder(1);
  expect(runs.length).toBe(1);
  made.setHolder(undefined);
  runs[0]?.playing();
  await clock.advance(60_000);
  expect(states).toEqual([{ state: "starting" }, { state: "live" }]);
  runs[0]?.ended("The device is gone.");
  await clock.advance(250);
  runs[1]?.playing();
  expect(states.slice(2)).toEqual([{ state: "failed", says: "The device is gone." }, { state: "live" }]);
  voice.end();
  await clock.advance(30_000);
  expect([made.state, runs.length, ends()]).toEqual([{ state: "off" }, 2, 2]);
});

test("what is no RTP is not played", () => {
  const { speaker: made, played } = speaker();
  const voice = made.open(1);
  made.setHolder(1);
  for (const bytes of [Buffer.alloc(0), Buffer.from("no"), Buffer.alloc(40)]) voice.hear(bytes);
  expect(played).toEqual([]);
});
