import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { buildConsole, openBrowser } from "./browser.ts";
import { startDrivePages } from "./drive-page.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
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

test("what the robot's microphone takes is heard on the page once someone asks for it, and encoded for nobody else [V5, V6]", async () => {
  const { openDrive, said, wrong } = await startDrivePages(browser, { cameras: [camera], microphone: { source: "test" } });
  const page = await openDrive("viewer");
  const button = page.getByRole("button", { name: "Hear the robot" });
  await button.waitFor();
  expect(said.all.filter(({ event }) => String(event).startsWith("microphone."))).toEqual([]);
  await button.press("Enter");
  // A bin of the analyser is 6 Hz wide.
  await expect.poll(async () => Math.abs((await loudest(page)) - 440), { timeout: 60_000 }).toBeLessThan(12);
  expect(said.all.flatMap(({ event }) => (String(event).startsWith("microphone.") ? [event] : []))).toEqual([
    "microphone.starting",
    "microphone.live",
  ]);
  expect(await violations(page)).toEqual([]);
  await button.press("Enter");
  expect(await page.evaluate(() => document.querySelector("audio")?.srcObject)).toBeNull();
  expect(wrong()).toEqual([]);
});
