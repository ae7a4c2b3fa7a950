import { expect, test } from "vitest";
import { createVirtualClock } from "../../../../sdk/test/virtual-clock.ts";
import type { Arrival } from "../../../src/media/rtcp.ts";
import { ownIds, readRtp } from "../../../src/media/rtp.ts";
import { createWatching } from "../../../src/media/watching.ts";
import { seeded } from "../../flow/emulated-path.ts";
import { needs } from "../viewer.ts";
import { fakeMicrophone } from "./fake-microphone.ts";

/** 20 ms of Opus at 32 kbit/s, and its RTP header. */
const opus = Buffer.concat([Buffer.from("80ef00010000006400000001", "hex"), Buffer.alloc(80)]);
/** IP, UDP and SRTP around a packet. */
const aroundBytes = 52;

/** A client that hears a robot of which it watches no camera, over a path of so many bits per second that queues without end. */
function listener(rate: number, loss = 0) {
  const clock = createVirtualClock();
  const watching = createWatching(clock);
  const { made: microphone, send: give } = fakeMicrophone();
  const random = seeded(7);
  let path = { rate, loss };
  let freeAt = 0;
  let sent = 0;
  let arrivals: Arrival[] = [];
  const waits: number[] = [];
  function send(packet: Buffer): void {
    const sequence = sent;
    sent += 1;
    expect(readRtp(packet)?.sequence).toBe((sequence + 1) & 0xffff);
    if (random() < path.loss) return void arrivals.push({ sequence, at: undefined });
    freeAt = Math.max(freeAt, clock.now()) + ((packet.length + aroundBytes) * 8_000) / path.rate;
    waits.push(freeAt - clock.now());
    clock.after(freeAt - clock.now(), () => arrivals.push({ sequence, at: clock.now() }));
  }
  watching.addSound(microphone, { isOpen: () => true, send }, { payloadType: 111, ssrc: 3, ids: ownIds });
  let taken = 0;
  const take = () => {
    clock.after(20, take);
    taken += 1;
    give(opus, { sequence: taken & 0xffff, timestamp: taken * 960, isLastOfFrame: true }, true);
  };
  const report = () => {
    clock.after(100, report);
    watching.feedback("tether.sound", { ...needs, arrivals });
    arrivals = [];
  };
  take();
  report();
  watching.hear(true);
  /** The longest wait of a packet in so many seconds, in ms, and the share of the sound that was sent. */
  const listen = (seconds: number) => {
    const before = sent;
    waits.length = 0;
    clock.advanceNow(seconds * 1_000);
    return { longestMs: Math.max(0, ...waits), share: (sent - before) / (seconds * 50) };
  };
  const become = (next: Partial<typeof path>) => {
    path = { ...path, ...next };
  };
  return { watching, listen, become };
}

test("sound that no camera is watched beside is paused where it queues, and tried again until the path bears it [V7]", () => {
  const { watching, listen, become } = listener(40_000);
  const narrow = listen(120);
  expect(narrow.longestMs).toBeLessThan(1_000);
  expect(narrow.share).toBeLessThan(0.05);
  expect(watching.isSoundPaused).toBe(true);
  become({ rate: 200_000 });
  listen(160);
  expect(listen(60)).toMatchObject({ share: 1 });
  expect(watching.isSoundPaused).toBe(false);
});

test("sound alone goes on where a twentieth of it is lost, and is paused where a third is [V7]", () => {
  const { watching, listen, become } = listener(1_000_000, 0.05);
  expect(listen(120).share).toBe(1);
  become({ loss: 0.35 });
  expect(listen(60).share).toBeLessThan(0.2);
  expect(watching.isSoundPaused).toBe(true);
});
