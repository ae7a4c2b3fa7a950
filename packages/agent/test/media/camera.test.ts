import { createVirtualClock } from "@tether/local/clock/virtual";
import { describe, expect, test } from "vitest";
import { createCamera } from "../../src/media/camera/camera.ts";
import type { CameraEvents } from "../../src/media/camera/process.ts";
import type { SourceState } from "../../src/media/camera/upkeep.ts";

/** A packet of a frame; 90 ticks of the timestamp are a ms. */
function packet(sequence: number, timestamp: number): Buffer {
  const made = Buffer.alloc(13);
  made.writeUInt16BE(0x80e6, 0);
  made.writeUInt16BE(sequence, 2);
  made.writeUInt32BE(timestamp, 4);
  return made;
}

/** A camera whose program is the test. */
function begun() {
  const clock = createVirtualClock({ startAt: 1_000_000, idle: async () => {} });
  const states: SourceState[] = [];
  const frames: { rtp: number; at: number }[] = [];
  const orders: unknown[] = [];
  const runs: CameraEvents[] = [];
  const camera = createCamera({
    settings: { name: "front", source: "test", kbits: 1_000 },
    clock,
    launch(_, bitrate, heard) {
      runs.push(heard);
      orders.push(["begin", bitrate]);
      return {
        requestKeyframe: () => orders.push("keyframe"),
        setBitrate: (next) => orders.push(next),
        end: async () => void orders.push("end"),
      };
    },
    onState: (state) => states.push(state),
    onFrame: (frame) => frames.push(frame),
  });
  return { clock, states, frames, orders, runs, camera, named: () => states.map(({ state }) => state) };
}

describe("a camera", () => {
  test("runs while it is watched, and half a minute longer", async () => {
    const { clock, camera, runs, named, orders } = begun();
    expect([camera.state, runs]).toEqual([{ state: "off" }, []]);
    const leave = camera.watch(() => {});
    const other = camera.watch(() => {});
    runs[0]?.packet(packet(1, 0));
    leave();
    other();
    await clock.advance(2_000);
    camera.watch(() => {})();
    runs[0]?.packet(packet(2, 90));
    expect([named(), runs.length]).toEqual([["starting", "live"], 1]);
    for (let n = 3; n < 33; n += 1) {
      await clock.advance(1_000);
      runs[0]?.packet(packet(n, n * 90_000));
    }
    expect([named(), orders]).toEqual([
      ["starting", "live", "off"],
      [["begin", 1_000_000], "end"],
    ]);
  });

  test("that ends is told with its reason and started again, ever later while it keeps failing", async () => {
    const { clock, camera, runs, states } = begun();
    camera.watch(() => {});
    const waits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      runs.at(-1)?.ended(`Failure ${n}.`);
      expect(states.at(-1)).toEqual({ state: "failed", says: `Failure ${n}.` });
      const [failedAt, count] = [clock.now(), runs.length];
      while (runs.length === count) await clock.advance(50);
      waits.push(clock.now() - failedAt);
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    // A program that lived counts as mended.
    for (let n = 1; n <= 12; n += 1) {
      runs.at(-1)?.packet(packet(n, n * 90_000));
      await clock.advance(1_000);
    }
    const count = runs.length;
    runs.at(-1)?.ended("Again.");
    await clock.advance(250);
    expect(runs.length).toBe(count + 1);
  });

  test("that sends nothing is ended and started again: at its start after 15 s, later after 3 s", async () => {
    const { clock, camera, runs, states } = begun();
    camera.watch(() => {});
    await clock.advance(14_999);
    expect(states).toEqual([{ state: "starting" }]);
    await clock.advance(1);
    expect(states.at(-1)).toEqual({ state: "failed", says: "It sent nothing for 15 s." });
    await clock.advance(250);
    runs[1]?.packet(packet(1, 0));
    await clock.advance(3_000);
    expect(states.at(-1)).toEqual({ state: "failed", says: "It sent nothing for 3 s." });
  });

  test("gets one keyframe in half a second, and a bitrate that differs", async () => {
    const { clock, camera, orders } = begun();
    camera.watch(() => {});
    camera.requestKeyframe();
    camera.requestKeyframe();
    await clock.advance(500);
    camera.requestKeyframe();
    for (const bitrate of [1_010_000, 900_000]) camera.setBitrate(bitrate);
    expect(orders.slice(1)).toEqual(["keyframe", "keyframe", 900_000]);
  });

  test("says when a frame was taken: as its program does, else when it came", async () => {
    const { clock, camera, runs, frames } = begun();
    camera.watch(() => {});
    const [run] = runs;
    run?.packet(packet(1, 0));
    await clock.advance(1_000);
    run?.frame({ rtp: 90_000, at: clock.now() - 20 });
    run?.packet(packet(2, 90_000));
    run?.packet(packet(3, 90_000));
    await clock.advance(33);
    run?.packet(packet(4, 92_970));
    // No frame is from the future, nor from long ago.
    run?.frame({ rtp: 95_940, at: clock.now() + 500 });
    run?.packet(packet(5, 95_940));
    const at = 1_000_000;
    expect(frames).toEqual([
      { rtp: 0, at },
      { rtp: 90_000, at: at + 980 },
      { rtp: 92_970, at: at + 1_013 },
      { rtp: 95_940, at: at + 1_033 },
    ]);
  });

  test("whose program is ended from here is heard no more", async () => {
    const { camera, runs, named } = begun();
    camera.watch(() => {});
    await camera.close();
    runs[0]?.packet(packet(1, 0));
    runs[0]?.ended("Late.");
    expect(named()).toEqual(["starting", "off"]);
  });
});
