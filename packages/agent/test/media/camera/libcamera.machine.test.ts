import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { launched } from "./launched.ts";
import { compileDevice, plugInUsb } from "./v4l2.ts";

const built = mkdtempSync(join(tmpdir(), "tether-libcamera-"));
const library = compileDevice(built);
afterAll(() => rmSync(built, { recursive: true }));

const size = { width: 320, height: 180, fps: 30 };
const noName = () => "libcamera";

test.each([
  ["any camera, in raw frames of the size that is asked for", noName, ["YUYV 320 180 30", "YUYV 640 480 30"], "YUYV 320 180 30"],
  [
    "a camera by its name, in JPEG where it has that",
    (name: string) => `libcamera:${name}`,
    ["YUYV 320 180 10", "MJPG 320 180 30"],
    "MJPG 320 180 30",
  ],
])("libcamera gives the picture of %s", async (_, sourceOf, modes, chosen) => {
  const { name, log } = plugInUsb(library, modes);
  const { come, expectTaken, ended } = launched({ source: sourceOf(name), ...size });
  await come(12);
  expect(log().filter((line) => line.startsWith("stream"))).toEqual([`stream ${chosen}`]);
  expect(ended.all).toEqual([]);
  expectTaken();
});

test("a camera of libcamera that is not there is told by its name", async () => {
  plugInUsb(library, ["YUYV 320 180 30"]);
  const { ended } = launched({ source: "libcamera:\\_SB_.PCI0.XHC_-2:1.0-1d6b:0102", ...size });
  expect(await ended.until("an end", () => true)).toContain("'\\_SB_.PCI0.XHC_-2:1.0-1d6b:0102'");
});

test("a camera of libcamera that has not the size is told what it lacks", async () => {
  plugInUsb(library, ["YUYV 640 480 30"]);
  const { ended } = launched({ source: "libcamera", ...size });
  expect(await ended.until("an end", () => true)).toContain("The size, rate or format that is asked for");
});

test("libcamera, where it finds no camera, is told in its own words", async () => {
  const { ended } = launched({ source: "libcamera", ...size });
  expect(await ended.until("an end", () => true)).toMatch(/camera/i);
});
