import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { launched } from "./launched.ts";
import { compileDevice, plugIn } from "./v4l2.ts";

const built = mkdtempSync(join(tmpdir(), "tether-v4l2-"));
const library = compileDevice(built);
afterAll(() => rmSync(built, { recursive: true }));

const size = { width: 320, height: 180, fps: 30 };

describe("GStreamer's v4l2src", () => {
  test.each([
    ["in JPEG, where only that has the full rate, as with most USB cameras", ["YUYV 320 180 10", "MJPG 320 180 30"], "MJPG 320 180 30"],
    ["in raw frames, where the camera has nothing else", ["YUYV 320 180 10", "YUYV 320 180 30"], "YUYV 320 180 30"],
    ["in the nearest size and rate that the camera has", ["YUYV 1280 960 5", "MJPG 352 288 25", "YUYV 1280 720 25"], "MJPG 352 288 25"],
  ])("takes the picture %s", async (_, modes, chosen) => {
    const { device, log } = plugIn(library, modes);
    const { come, expectTaken, ended } = launched({ source: `v4l2:${device}`, ...size });
    await come(12);
    expect(log()).toContain(`stream ${chosen}`);
    expect(log().filter((line) => line.startsWith("stream"))).toHaveLength(1);
    expect(ended.all).toEqual([]);
    expectTaken();
  });

  test("passes the H.264 of a camera on as it is, and asks the camera for keyframes and another bitrate", async () => {
    const { device, log, framesOf } = plugIn(library, ["YUYV 320 180 30", "H264 320 180 30"]);
    const { come, camera, pictures, log: said } = launched({ source: `v4l2h264:${device}`, ...size }, 700_000);
    await come(12);
    expect(log()).toContain("stream H264 320 180 30");
    // The pictures themselves: the last unit of each frame.
    const pictureOf = (frame: Buffer) => frame.subarray(frame.lastIndexOf(Buffer.from([0, 0, 1]))).toString("hex");
    const given = framesOf("H264").map(pictureOf);
    expect(pictures.map(pictureOf).filter((picture) => !given.includes(picture))).toEqual([]);
    expect(said.all).toEqual([]);
    camera.requestKeyframe();
    camera.setBitrate(450_000);
    const asked = [
      "control Video Bitrate 700000",
      "control Repeat Sequence Header 1",
      "control Force Key Frame 1",
      "control Video Bitrate 450000",
    ];
    await vi.waitFor(() => expect(log()).toEqual(expect.arrayContaining(asked)), { timeout: 20_000 });
  });

  test("tells by its path a device that is not there", async () => {
    plugIn(library, ["YUYV 320 180 30"]);
    const { ended } = launched({ source: "v4l2:/nowhere/video7", ...size });
    expect(await ended.until("an end", () => true)).toContain("/nowhere/video7");
  });
});

test("ffmpeg's v4l2 is a source of raw frames", async () => {
  const { device, log } = plugIn(library, ["MJPG 320 180 30"]);
  const { come } = launched({
    source: `y4m:ffmpeg -loglevel error -f v4l2 -input_format mjpeg -video_size 320x180 -framerate 30 -i ${device} -pix_fmt yuv420p -f yuv4mpegpipe -`,
  });
  await come(12);
  expect(log()).toContain("stream MJPG 320 180 30");
});
