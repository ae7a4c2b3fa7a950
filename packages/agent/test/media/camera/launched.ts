import { platform } from "@tether/sdk/platform";
import { expect, onTestFinished } from "vitest";
import { machineClock } from "../../../src/driver/frame/machine-clock.ts";
import { createLaunchCamera } from "../../../src/media/camera/process.ts";
import type { CameraSettings } from "../../../src/media/camera/source.ts";
import { createDepacketizer } from "../../../src/media/record/depacketize.ts";
import { readRtp } from "../../../src/media/rtp.ts";
import { createWatch } from "../../watch.ts";

const clock = { ...platform.clock, now: machineClock.now };

/** A camera's real program, started as the agent starts it, in H.264. */
export function launched(settings: Omit<CameraSettings, "name">, bitrate = 800_000) {
  const frames = createWatch<{ readonly isKeyframe: boolean; readonly at: number }>();
  const pictures: Buffer[] = [];
  const log = createWatch<string>();
  const ended = createWatch<string>();
  /** When each frame was taken, as the program tells. */
  const taken: number[] = [];
  /** The RTP timestamp of each packet. */
  const timestamps: number[] = [];
  const depacketizer = createDepacketizer("h264");
  const launch = createLaunchCamera(clock, { log: (_, says) => log.put(says), began() {}, ended() {} });
  const camera = launch({ name: "front", ...settings }, bitrate, {
    packet(packet) {
      const header = readRtp(packet);
      if (!header) return;
      timestamps.push(header.timestamp);
      const frame = depacketizer.put(packet, header);
      if (!frame) return;
      pictures.push(frame.data);
      frames.put({ isKeyframe: frame.isKeyframe, at: clock.now() });
    },
    frame: ({ at }) => void taken.push(at),
    ended: ended.put,
  });
  onTestFinished(camera.end);
  /** Resolves when so many more whole frames have come. */
  const come = (count: number) => {
    const from = frames.all.length;
    return frames.until(`${count} frames; log: ${log.all.join(" ")}, ended: ${ended.all}`, () => frames.all.length >= from + count);
  };
  /** Compares by one clock when frames were taken and when they came: nobody sees a frame before it was taken. */
  const expectTaken = () => {
    const last = frames.all.at(-1)?.at ?? 0;
    const at = taken.filter((at) => at <= last);
    expect(at.length).toBeGreaterThan(10);
    expect(last - (at.at(-1) ?? 0)).toBeLessThan(20_000);
  };
  return { expectTaken, camera, frames, pictures, log, ended, taken, timestamps, come };
}
