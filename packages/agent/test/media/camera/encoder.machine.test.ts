import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { launched } from "./launched.ts";

/** A machine with the encoders of those boards, which are stand-ins: what the agent makes of them, not what they do. */
function board(...encoders: readonly string[]) {
  vi.stubEnv("PYTHONPATH", join(import.meta.dirname, "boards"));
  vi.stubEnv("TETHER_BOARDS", encoders.join(","));
  onTestFinished(() => void vi.unstubAllEnvs());
  return launched({ source: "test", width: 320, height: 180, fps: 90 });
}

test.each([
  ["nvv4l2h264enc", "bitrate 800000", "bitrate 500000", "video/x-h264"],
  ["v4l2h264enc", /extra-controls .*video_bitrate=\(int\)800000/, /extra-controls .*video_bitrate=\(int\)500000/, "level=(string)4"],
  ["vah264enc", "bitrate 800", "bitrate 500", "profile=(string)constrained-baseline"],
  ["vaapih264enc", "bitrate 800", "bitrate 500", "profile=(string)constrained-baseline"],
])(
  "the board's %s encodes where there is one, at the bitrate that is asked for, and gives keyframes",
  async (name, first, second, made) => {
    const { camera, come, log, frames } = board(name);
    await come(10);
    expect(log.all.filter((line) => line.startsWith("Encoded by"))).toEqual([`Encoded by ${name}.`]);
    const said = (what: string | RegExp) => (line: string) =>
      line.startsWith(`${name} `) && (typeof what === "string" ? line.includes(what) : what.test(line));
    await log.until("the first bitrate", said(first));
    await log.until("what it gives", said(`for ${made.startsWith("video") ? made : ""}`));
    expect(log.all.find((line) => line.startsWith(`${name} for`))).toContain(made);
    const before = frames.all.length;
    camera.setBitrate(500_000);
    camera.requestKeyframe();
    await log.until("the second bitrate", said(second));
    await frames.until("a keyframe", ({ isKeyframe }) => isKeyframe, before);
  },
);

test.each([
  ["whose device does not open", "closed", false],
  ["that fails", "errs", true],
  ["that gives nothing", "silent", true],
])("software encodes where the board has an encoder %s", async (_, wrong, isTold) => {
  const { come, log, ended, timestamps } = board(`v4l2h264enc:${wrong}`);
  await come(10);
  // The two lines come by different pipes, in either order.
  expect(log.all.findLast((line) => line.startsWith("Encoded by"))).toBe("Encoded by x264enc.");
  const isWhy = (line: string) => line.startsWith("v4l2h264enc is given up: ");
  if (isTold) await log.until("why", isWhy);
  else expect(log.all.filter(isWhy)).toEqual([]);
  expect(ended.all).toEqual([]);
  expect(timestamps).toEqual(timestamps.toSorted((one, other) => one - other));
});

test("a second board's encoder is tried where the first fails", async () => {
  const { come, log } = board("vaapih264enc", "v4l2h264enc:errs");
  await come(10);
  expect(log.all.filter((line) => line.startsWith("Encoded by"))).toEqual(["Encoded by v4l2h264enc.", "Encoded by vaapih264enc."]);
});

test.each([
  [1, 0],
  [2, 1],
])("a program whose keyframes have %i slices is told so %i times", async (slices, times) => {
  const made = `videotestsrc is-live=true ! video/x-raw,width=320,height=180 ! x264enc tune=zerolatency threads=${slices} key-int-max=3`;
  const source = `h264:gst-launch-1.0 -q ${made} ! video/x-h264,profile=constrained-baseline,stream-format=byte-stream ! fdsink`;
  const { come, log } = launched({ source });
  await come(10);
  expect(log.all.filter((line) => line.includes("in several slices"))).toHaveLength(times);
});
