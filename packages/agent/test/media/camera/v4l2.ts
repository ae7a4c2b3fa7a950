import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { folder } from "../../agent-process.ts";

const here = (name: string) => join(import.meta.dirname, name);

/** Compiles the emulated device. Whoever calls it removes the folder. */
export function compileDevice(into: string): string {
  const library = join(into, "v4l2.so");
  const sources = ["v4l2-device.c", "v4l2-modes.c", "v4l2-preload.c"].map(here);
  execFileSync("gcc", ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", library, ...sources, "-ldl"]);
  return library;
}

const encoders = {
  MJPG: "jpegenc",
  H264: "x264enc tune=zerolatency speed-preset=ultrafast threads=1 key-int-max=10 ! h264parse ! video/x-h264,stream-format=byte-stream,alignment=au",
};

/** Makes the path of an emulated device with those modes ("MJPG 320 180 30") real for every program that this test starts. */
export function plugIn(library: string, modes: readonly string[]) {
  const home = folder();
  const [device, log, frames] = [join(home, "video0"), join(home, "log"), join(home, "frames")];
  symlinkSync("/dev/null", device);
  writeFileSync(log, "");
  for (const mode of modes) {
    const [format, width, height, fps] = mode.split(" ");
    if (format !== "MJPG" && format !== "H264") continue;
    mkdirSync(join(frames, format), { recursive: true });
    const made = `videotestsrc num-buffers=30 pattern=ball ! video/x-raw,format=I420,width=${width},height=${height},framerate=${fps}/1 ! ${encoders[format]} ! multifilesink location=${join(frames, format)}/%d`;
    execFileSync("gst-launch-1.0", ["-q", ...made.split(" ")]);
  }
  const set = { LD_PRELOAD: library, TETHER_V4L2_DEVICE: device, TETHER_V4L2_MODES: modes.join(","), TETHER_V4L2_FRAMES: frames };
  for (const [name, value] of Object.entries({ ...set, TETHER_V4L2_LOG: log })) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  return {
    device,
    /** The calls that the device had: "stream MJPG 320 180 30", "control Video Bitrate 900000", "closed". */
    log: () => readFileSync(log, "utf8").split("\n").slice(0, -1),
    framesOf: (format: keyof typeof encoders) =>
      readdirSync(join(frames, format)).map((_, index) => readFileSync(join(frames, format, String(index)))),
  };
}
