import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Say } from "@tether/program/say";
import { platform } from "@tether/sdk/platform";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { CameraSettings } from "../../src/media/camera/source.ts";
import { startMedia } from "../../src/peer/native/media.ts";
import { folder } from "../agent-process.ts";
import { startReference } from "../peer/rig.ts";
import { createWatch } from "../watch.ts";
import { inPage, openDrivePage } from "./chromium.ts";

const { clock } = platform;

const look = (page: Page) => inPage(page, (page) => page.cameras(), undefined);
type Seen = Awaited<ReturnType<typeof look>>;

async function until(page: Page, holds: (seen: Seen) => boolean): Promise<Seen> {
  let seen: Seen = [];
  const isSo = async () => {
    seen = await look(page);
    return holds(seen) || JSON.stringify(seen);
  };
  await expect.poll(isSo, { timeout: 60_000, interval: 100 }).toBe(true);
  return seen;
}

/** A robot with these cameras, watched by a tab of Chromium. */
async function watched(cameras: readonly CameraSettings[], told = 1) {
  const media = (say: Say) => startMedia({ clock, cameras, recordings: folder(), say });
  const tracks = Array.from({ length: told }, () => "video" as const);
  const rig = await startReference(undefined, undefined, {}, undefined, media, tracks);
  const { page, wrong } = await openDrivePage(rig.origin);
  const token = await rig.token("operator");
  await inPage(page, (page, options) => page.start(options), { api: rig.origin, robot: rig.robot, token, relayOnly: false });
  return { ...rig, page, wrong };
}

/** In the command line of every program of these tests that goes on by itself. */
const mark = `tether-test-${process.pid}`;
const picture = "videotestsrc is-live=true ! video/x-raw,width=320,height=180,framerate=30/1";
const h264 =
  "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=30 ! video/x-h264,profile=constrained-baseline ! rtph264pay config-interval=-1 mtu=1200";

afterAll(() => vi.waitFor(() => expect(processesWith(mark)).toEqual([]), { timeout: 20_000, interval: 100 }));

/** The processes of the machine whose command line has that text. */
const processesWith = (text: string) => processes().flatMap(({ pid, command }) => (command.includes(text) ? [pid] : []));

/** The children of this process that run that program. */
const childrenOf = (program: string) =>
  processes().flatMap(({ pid, parent, command }) => (parent === process.pid && command.includes(program) ? [pid] : []));

function processes(): readonly { readonly pid: number; readonly parent: number; readonly command: string }[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [, parent] = /\) \S (\d+) /.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
      return [{ pid: Number(name), parent: Number(parent), command: readFileSync(`/proc/${name}/cmdline`, "utf8") }];
    } catch {
      // The process has exited meanwhile.
      return [];
    }
  });
}

const small = { kbits: 400, width: 320, height: 180 } as const;

test("two cameras are seen side by side, in H.264 and in VP8, with the age of each picture, in the places of the page's offer [V1, W1.3]", async () => {
  const { page, wrong } = await watched(
    [
      { name: "front", source: "test", ...small },
      { name: "rear", source: "test", codec: "vp8", ...small },
    ],
    2,
  );
  const seen = await until(page, (all) => all.length === 2 && all.every(({ shown, ageMs }) => shown > 20 && ageMs !== undefined));
  expect(seen).toMatchObject([
    { name: "front", state: "live", width: 320 },
    { name: "rear", state: "live", width: 320 },
  ]);
  expect(await inPage(page, (page) => page.descriptions(), undefined)).toEqual(["offer", "answer"]);
  expect(wrong).toEqual([]);
});

test("a camera that is not watched is not sent, and is sent again once it is [V2]", async () => {
  const { page } = await watched([
    { name: "front", source: "test", ...small },
    { name: "rear", source: "test", ...small },
  ]);
  await until(page, (all) => all.length === 2 && all.every(({ shown }) => shown > 5));
  await inPage(page, (page) => page.watch(["rear"]), undefined);
  const shownOf = (all: Seen) => all.map(({ shown }) => shown);
  // Pictures that were on their way still come.
  await until(page, (all) => all[0]?.state === "paused");
  const [before = 0, rear = 0] = shownOf(await until(page, (all) => (all[1]?.shown ?? 0) > 10));
  const [after = 0] = shownOf(await until(page, (all) => (all[1]?.shown ?? 0) > rear + 30));
  expect(after - before).toBeLessThan(10);
  await inPage(page, (page) => page.watch(["rear", "front"]), undefined);
  await until(page, (all) => (all[0]?.shown ?? 0) > after + 10);
});

test("a camera whose program ends is told by name, and comes back by itself", async () => {
  const { page, said } = await watched([
    { name: "front", source: "gst:videotestsrc is-live=true num-buffers=40 ! video/x-raw,width=320,height=180,framerate=30/1" },
  ]);
  expect(await said.until("word of the failure", ({ event }) => event === "camera.failed")).toMatchObject({ camera: "front" });
  const mark = said.all.length;
  await said.until("its return", ({ event }) => event === "camera.live", mark);
  const { shown = 0 } = (await look(page))[0] ?? {};
  await until(page, (all) => (all[0]?.shown ?? 0) > shown + 10);
});

test("the process of the peer connections may die: the robot stops, is seen again, and no program of a camera is left", async () => {
  const pipeline = `${picture} ! ${h264} ! udpsink name=${mark} host=127.0.0.1 port=$TETHER_RTP_PORT sync=false async=false`;
  // This program heeds neither the end of its input nor SIGTERM.
  const { page, said, session, deeds } = await watched([{ name: "front", source: `rtp:trap "" TERM; exec gst-launch-1.0 -q ${pipeline}` }]);
  await until(page, (all) => (all[0]?.shown ?? 0) > 5);
  await inPage(page, (page) => page.request(), undefined);
  await expect.poll(() => inPage(page, (page) => page.canDrive, undefined), { timeout: 60_000 }).toBe(true);
  await inPage(page, (page) => page.hold({ linear: 0.3, angular: 0 }), undefined);
  await deeds.until("a command", ({ did }) => did === "command");
  const [camera] = processesWith(mark);
  const pids = childrenOf("main.ts\0media");
  expect(pids).toHaveLength(1);
  for (const pid of pids) process.kill(pid, "SIGKILL");
  await said.until("word of it", ({ event }) => event === "media.ended");
  await deeds.until("a stop", (deed) => deed.did === "stop" && deed.reason === "channel.closed");
  await until(page, ([front]) => front?.streams === 2 && front.shown > 5 && front.state === "live");
  expect(session.status).toBe("online");
  await expect.poll(() => processesWith(mark), { timeout: 20_000 }).not.toContain(camera);
});

describe("each kind of source is shown", () => {
  const size = "testsrc=size=320x180:rate=30";
  const kinds: readonly (readonly [string, Omit<CameraSettings, "name">])[] = [
    [
      "raw frames of ffmpeg",
      { source: `y4m:ffmpeg -re -loglevel error -f lavfi -i ${size} -metadata comment=${mark} -pix_fmt yuv420p -f yuv4mpegpipe -` },
    ],
    [
      "JPEG of ffmpeg",
      { source: `jpeg:ffmpeg -re -loglevel error -f lavfi -i ${size} -metadata comment=${mark} -pix_fmt yuvj420p -f mjpeg -` },
    ],
    [
      "H.264 of ffmpeg",
      {
        source: `h264:ffmpeg -re -loglevel error -f lavfi -i ${size} -metadata comment=${mark} -pix_fmt yuv420p -c:v libx264 -profile:v baseline -tune zerolatency -preset ultrafast -g 30 -f h264 -`,
      },
    ],
    [
      "RTP of ffmpeg",
      {
        source: `rtp:ffmpeg -re -loglevel error -f lavfi -i ${size} -metadata comment=${mark} -pix_fmt yuv420p -c:v libx264 -profile:v baseline -tune zerolatency -preset ultrafast -g 30 -bsf:v dump_extra -f rtp "rtp://127.0.0.1:$TETHER_RTP_PORT?pkt_size=1200"`,
      },
    ],
    [
      "RTP of GStreamer, asked for keyframes by RTCP",
      {
        source: `rtp:gst-launch-1.0 -q rtpbin name=${mark} ${picture} ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=9999 ! video/x-h264,profile=constrained-baseline ! rtph264pay config-interval=-1 mtu=1200 ! ${mark}.send_rtp_sink_0 ${mark}.send_rtp_src_0 ! udpsink host=127.0.0.1 port=$TETHER_RTP_PORT sync=false async=false udpsrc address=127.0.0.1 port=$TETHER_RTCP_PORT ! ${mark}.recv_rtcp_sink_0`,
      },
    ],
    ["a pipeline of GStreamer", { source: "gst:videotestsrc is-live=true pattern=smpte ! video/x-raw,width=320,height=180" }],
  ];
  test.each(kinds)("%s", async (_, settings) => {
    const { page, said } = await watched([{ name: "front", ...settings }]);
    await until(page, (all) => (all[0]?.shown ?? 0) > 20);
    expect(said.all.filter(({ event }) => event === "camera.failed")).toEqual([]);
  });
});

/** A network camera on this machine, by Debian's own RTSP server. */
async function startNetworkCamera() {
  const child = spawn("/usr/bin/python3", [join(import.meta.dirname, "rtsp-camera.py")], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const end = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  onTestFinished(end);
  const url = createWatch<string>();
  createInterface(child.stdout).on("line", url.put);
  return { url: await url.until("its address", (line) => line.startsWith("rtsp://")), end };
}

test("a network camera is shown as it encodes, and one that is gone is told by name", async () => {
  const { url, end } = await startNetworkCamera();
  const { page, said } = await watched([{ name: "gate", source: url }]);
  const [gate] = await until(page, (all) => (all[0]?.shown ?? 0) > 20);
  expect([gate?.name, gate?.state, gate?.width]).toEqual(["gate", "live", 320]);
  expect(said.all.filter(({ event }) => event === "camera.failed")).toEqual([]);
  await end();
  expect(await said.until("word of the failure", ({ event }) => event === "camera.failed")).toMatchObject({ camera: "gate" });
});
