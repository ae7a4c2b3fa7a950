import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folder } from "../../../agent/test/agent-process.ts";
import { violations } from "./axe.ts";
import { buildConsole, openBrowser } from "./browser.ts";
import { startDrivePages, takeControl } from "./drive-page.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  // A microphone that beeps, given to whoever asks for it.
  browser = await openBrowser(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]);
});

afterAll(() => browser?.close());

const camera = { name: "front", source: "test", width: 320, height: 180, kbits: 400 } as const;

/** The loudest frequency in what the page plays, in Hz; 0 where it is silent, or was not listened to before. */
const loudest = (page: Page) =>
  page.evaluate(() => {
    const listening = globalThis as { analyser?: AnalyserNode };
    const stream = document.querySelector("audio")?.srcObject;
    if (!(stream instanceof MediaStream)) return 0;
    if (!listening.analyser) {
      const context = new AudioContext();
      listening.analyser = new AnalyserNode(context, { fftSize: 8_192 });
      context.createMediaStreamSource(stream).connect(listening.analyser);
    }
    const { analyser } = listening;
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    const most = Math.max(...levels);
    return most < -60 ? 0 : (levels.indexOf(most) * analyser.context.sampleRate) / analyser.fftSize;
  });

/** The loudness of what the robot's speaker played so far, 0 to 1. */
function played(path: string): number {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 2));
  return Math.sqrt(samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / Math.max(1, samples.length));
}

test("what the robot's microphone takes is heard by who asks for it, and whoever drives is heard at the robot while they hold the button [V5, V6, V8, V9]", async () => {
  const path = join(folder(), "played");
  const sink = `gst:audio/x-raw,format=S16LE,rate=48000,channels=1 ! filesink location=${path} buffer-mode=unbuffered`;
  const sound = { microphone: { source: "test" }, speaker: { sink } };
  const { openDrive, said, wrong } = await startDrivePages(browser, { cameras: [camera], sound });
  const events = () => said.all.flatMap(({ event }) => (/^(microphone|speaker)\./.test(String(event)) ? [event] : []));

  const viewer = await openDrive("viewer");
  const hear = viewer.getByRole("button", { name: "Hear the robot" });
  await hear.waitFor();
  expect(events()).toEqual([]);
  await hear.press("Enter");
  // A bin of the analyser is 6 Hz wide.
  await expect.poll(async () => Math.abs((await loudest(viewer)) - 440), { timeout: 60_000 }).toBeLessThan(12);
  expect(events()).toEqual(["microphone.starting", "microphone.live"]);
  expect(await violations(viewer)).toEqual([]);
  await hear.press("Enter");
  expect(await viewer.evaluate(() => document.querySelector("audio")?.srcObject)).toBeNull();
  expect(await viewer.getByRole("button", { name: "Hold to talk" }).count()).toBe(0);

  const page = await openDrive("operator");
  const talk = page.getByRole("button", { name: "Hold to talk" });
  await talk.waitFor();
  expect(await talk.isDisabled()).toBe(true);
  await takeControl(page);
  await talk.hover();
  await page.mouse.down();
  await page.locator("[aria-pressed='true']", { hasText: "Hold to talk" }).waitFor();
  await page.getByText("You are heard at the robot.").waitFor({ timeout: 60_000 });
  await expect.poll(() => played(path), { timeout: 60_000 }).toBeGreaterThan(0.01);
  expect(events()).toContain("speaker.live");
  expect(await violations(page)).toEqual([]);
  await page.mouse.up();
  await page.locator("[aria-pressed='false']", { hasText: "Hold to talk" }).waitFor();
  expect(wrong()).toEqual([]);
});
