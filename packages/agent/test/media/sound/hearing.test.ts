import { describe, expect, test } from "vitest";
import { ownIds, readRtp } from "../../../src/media/rtp.ts";
import { needs, packets, viewer } from "../viewer.ts";
import { fakeMicrophone } from "./fake-microphone.ts";

describe("a client of a robot with a microphone", () => {
  /** A client that watches the first camera, on a path whose receiver estimates so much, so many times. */
  function listener() {
    const all = viewer();
    const { clock, watching, front, got } = all;
    watching.choose(["front"]);
    front.send(9, "keyframe");
    const { made, send: give } = fakeMicrophone();
    const send = (sequence: number) => give(packets.slice, { sequence, timestamp: sequence * 960, isLastOfFrame: true }, true);
    const heard: { sequence: number; bits: number }[] = [];
    watching.addSound(
      made,
      { isOpen: () => true, send: (sent) => void heard.push({ sequence: readRtp(sent)?.sequence ?? -1, bits: sent.length * 8 }) },
      { payloadType: 111, ssrc: 3, ids: ownIds },
    );
    const step = async (estimate: number, times: number) => {
      for (let n = 0; n < times; n += 1) {
        for (let sent = 0; sent < 50; sent += 1) front.send(got.front.length + 10);
        watching.feedback("front", { ...needs, estimate });
        await clock.advance(200);
      }
    };
    return { ...all, send, heard, step, sequences: () => heard.map(({ sequence }) => sequence) };
  }

  test("gets its sound once it hears, without gaps after a pause, beside what the camera has of the path [V6]", async () => {
    const { watching, send, sequences, step } = listener();
    await step(1_000_000, 5);
    send(10);
    expect([sequences(), watching.allowances.get("front")]).toEqual([[], 850_000]);
    watching.hear(true);
    for (const sequence of [11, 12]) send(sequence);
    watching.hear(false);
    send(13);
    watching.hear(true);
    send(14);
    expect([sequences(), watching.allowances.get("front")]).toEqual([[1, 2, 3], 850_000 - 64_000]);
  });

  test("gets none where its path bears the least of the first camera alone, and again once it bears both [V7]", async () => {
    const { watching, send, sequences, step, changes } = listener();
    watching.hear(true);
    await step(300_000, 5);
    const before = changes();
    send(10);
    expect([sequences(), watching.isSoundPaused, watching.allowances.get("front")]).toEqual([[], true, 255_000]);
    await step(2_000_000, 40);
    expect([watching.isSoundPaused, changes() - before]).toEqual([false, 1]);
    send(11);
    expect(sequences()).toEqual([1]);
  });

  test("that watches a camera and does not hear is not told that its sound is paused [V7]", async () => {
    const { watching, step } = listener();
    await step(300_000, 5);
    expect(watching.isSoundPaused).toBe(false);
  });

  test("that is gone gets no more of it", () => {
    const { watching, send, heard } = listener();
    watching.hear(true);
    watching.close();
    send(10);
    expect(heard).toEqual([]);
  });
});
