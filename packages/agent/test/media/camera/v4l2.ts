import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { folder } from "../../agent-process.ts";

const here = (name: string) => join(import.meta.dirname, name);

/** Compiles the emulated device. Whoever calls it removes the folder. */
export function compileDevice(into: string): string {
  const library = join(into, "v4l2.so");
  const sources = ["v4l2-device.c", "v4l2-buffers.c", "v4l2-modes.c", "v4l2-media.c", "v4l2-preload.c"].map(here);
  execFileSync("gcc", ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", library, ...sources, "-ldl"]);
  return library;
}

const encoders = {
  MJPG: "jpegenc",
  H264: "x264enc tune=zerolatency speed-preset=ultrafast threads=1 key-int-max=10 ! h264parse ! video/x-h264,stream-format=byte-stream,alignment=au",
};

/** Makes the path of an emulated device with those modes ("MJPG 320 180 30") real for every program that this test starts. */
export function plugIn(library: string, modes: readonly string[]) {
  const device = join(folder(), "video0");
  symlinkSync("/dev/null", device);
  return { device, ...plugInAs(library, modes, { TETHER_V4L2_DEVICE: device }) };
}

/** The same as a camera at a port of USB, which libcamera finds by its media controller and by what /sys says of it. */
export function plugInUsb(library: string, modes: readonly string[]) {
  const tree = realpathSync(folder());
  const write = (path: string, text: string) => {
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  };
  const link = (path: string, to: string) => {
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    symlinkSync(to, join(tree, path));
  };
  const controller = "devices/pci0000:00/0000:00:14.0";
  const device = `${controller}/usb1/1-1`;
  write(`sys/${controller}/firmware_node/path`, "\\_SB_.PCI0.XHC_\n");
  write(`sys/${device}/idVendor`, "1d6b\n");
  write(`sys/${device}/idProduct`, "0102\n");
  write(`sys/${device}/1-1:1.0/media0/uevent`, "MAJOR=511\nMINOR=0\nDEVNAME=media0\n");
  write(`sys/${device}/1-1:1.0/video4linux/video0/uevent`, "MAJOR=81\nMINOR=0\nDEVNAME=video0\n");
  link(`sys/${device}/1-1:1.0/video4linux/video0/device`, "../../../1-1:1.0");
  link("sys/dev/char/81:0", `../../${device}/1-1:1.0/video4linux/video0`);
  link("sys/bus/media/devices/media0", `../../../${device}/1-1:1.0/media0`);
  write("dev/media0", "");
  link("dev/video0", "/dev/null");
  const plugged = plugInAs(library, modes, { TETHER_V4L2_DEVICE: "/dev/video0", TETHER_V4L2_TREE: tree });
  return { ...plugged, name: "\\_SB_.PCI0.XHC_-1:1.0-1d6b:0102" };
}

function plugInAs(library: string, modes: readonly string[], place: Readonly<Record<string, string>>) {
  const home = folder();
  const [log, frames] = [join(home, "log"), join(home, "frames")];
  writeFileSync(log, "");
  for (const mode of modes) {
    const [format, width, height, fps] = mode.split(" ");
    if (format !== "MJPG" && format !== "H264") continue;
    mkdirSync(join(frames, format), { recursive: true });
    const made = `videotestsrc num-buffers=30 pattern=ball ! video/x-raw,format=I420,width=${width},height=${height},framerate=${fps}/1 ! ${encoders[format]} ! multifilesink location=${join(frames, format)}/%d`;
    execFileSync("gst-launch-1.0", ["-q", ...made.split(" ")]);
  }
  const set = { ...place, TETHER_V4L2_MODES: modes.join(","), TETHER_V4L2_FRAMES: frames, TETHER_V4L2_LOG: log, LD_PRELOAD: library };
  for (const [name, value] of Object.entries(set)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  return {
    /** The calls that the device had: "stream MJPG 320 180 30", "control Video Bitrate 900000", "closed". */
    log: () => readFileSync(log, "utf8").split("\n").slice(0, -1),
    framesOf: (format: keyof typeof encoders) =>
      readdirSync(join(frames, format)).map((_, index) => readFileSync(join(frames, format, String(index)))),
  };
}
