import { readFileSync } from "node:fs";
import { McapStreamReader } from "@mcap/core";
import type { Browser, Download, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { buildConsole, openBrowser } from "./browser.ts";
import { startDrivePages, takeControl } from "./drive-page.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

const size = { width: 320, height: 180, kbits: 400 } as const;

/** The widths of the pictures on the page, by the name of their camera. */
const widths = (page: Page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLVideoElement>(".pictures video")].map((video) => [
        (video.srcObject as MediaStream | null)?.id ?? "",
        Math.round(video.getBoundingClientRect().width),
      ]),
    ),
  );

test("an operator drives by the camera of their choice, with the others over its edge, beside it, or not at all [V1, V2]", async () => {
  const { openDrive, wrong } = await startDrivePages(browser, {
    limitsBlindTime: true,
    cameras: [
      { name: "front", source: "test", ...size },
      { name: "rear", source: "gst:videotestsrc is-live=true pattern=smpte ! video/x-raw,width=320,height=180,framerate=30/1", ...size },
    ],
  });
  const page = await openDrive("operator");
  await takeControl(page);
  await page.getByText(/^Blind time \d+ ms of/).waitFor();
  await page.getByRole("button", { name: "rear", exact: true }).click();
  await page.getByRole("button", { name: "front", exact: true }).waitFor();
  const large = await widths(page);
  expect(large.rear).toBeGreaterThan(2 * (large.front ?? 0));
  await page.locator("[data-freshness='live']").waitFor();
  await page.getByText(/^Blind time \d+ ms of/).waitFor();
  expect(await violations(page)).toEqual([]);

  const asked = new Date().toISOString();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Snapshot" }).click()]);
  const [, day = "", time = ""] = /^Rover_rear_(\d{4}-\d\d-\d\d)T(\d{6}-\d{3})Z\.png$/.exec(file.suggestedFilename()) ?? [];
  // The picture was taken not long ago, before the snapshot was asked for.
  const at = Date.parse(`${day}T${time.replace(/^(..)(..)(..)-/, "$1:$2:$3.")}Z`);
  expect(Math.abs(at - Date.parse(asked))).toBeLessThan(20_000);
  const png = readFileSync(await file.path());
  expect([png.subarray(1, 4).toString(), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(["PNG", 320, 180]);

  await page.getByRole("button", { name: "Side by side" }).click();
  const side = await widths(page);
  expect(Math.abs((side.front ?? 0) - (side.rear ?? 1_000))).toBeLessThanOrEqual(1);
  expect(await violations(page)).toEqual([]);

  await page.getByRole("button", { name: "One alone" }).click();
  expect(Object.keys(await widths(page))).toEqual(["rear"]);
  await page.getByRole("button", { name: "One large" }).click();
  await page.getByRole("button", { name: "front", exact: true }).waitFor();
  expect(wrong()).toEqual([]);
});

test("a camera whose program ends is told on the picture by its name", async () => {
  const { openDrive } = await startDrivePages(browser, {
    cameras: [
      { name: "front", source: "test", ...size },
      { name: "rear", source: "gst:videotestsrc is-live=true num-buffers=60 ! video/x-raw,width=320,height=180,framerate=30/1", ...size },
    ],
  });
  const page = await openDrive("viewer");
  await page.getByText("The camera rear failed: The source ended. It is started again.").waitFor();
});

/** Fetches a recording as a person does: again where the page says that the robot's connection was lost meanwhile. */
async function download(page: Page, row: Locator): Promise<Download> {
  const refused: string[] = [];
  const downloaded = page.waitForEvent("download", { timeout: 0 });
  const alert = page.getByRole("alert").filter({ hasText: "Fetch it again" });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await row.getByRole("button", { name: "Download" }).click();
    const saved = await Promise.race([downloaded, alert.waitFor().then(() => undefined)]);
    if (saved) return saved;
    refused.push(await alert.innerText());
  }
  throw new Error(`The recording was not to be had: ${refused.join(" ")}`);
}

test("around a STOP the robot keeps a recording, which an operator fetches, and a viewer does not see [V3, V4]", async () => {
  const { openDrive, wrong, moves } = await startDrivePages(browser, { cameras: [{ name: "front", source: "test", ...size }] });
  const [page, viewer] = [await openDrive("operator"), await openDrive("viewer")];
  await takeControl(page);
  // A robot that a busy machine keeps silent for a second is not driven by a key that was pressed before.
  const press = async () => {
    await page.keyboard.up("KeyW");
    await page.keyboard.down("KeyW");
    return moves(0).length;
  };
  await expect.poll(press, { interval: 500 }).toBeGreaterThan(0);
  await page.getByText("What it measures").waitFor();
  await page.getByRole("button", { name: /^STOP/ }).click();
  await page.keyboard.up("KeyW");
  const row = page.getByRole("listitem").filter({ hasText: /-stop\.mcap/ });
  await row.waitFor({ timeout: 60_000 });
  const saved = await download(page, row);
  const reader = new McapStreamReader();
  reader.append(readFileSync(await saved.path()));
  const topics = new Map<number, string>();
  const counts = new Map<string, number>();
  for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
    if (record.type === "Channel") topics.set(record.id, record.topic);
    if (record.type !== "Message") continue;
    const topic = topics.get(record.channelId) ?? "";
    counts.set(topic, (counts.get(topic) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(["/camera/front", "/command", "/event", "/telemetry"]);
  expect(counts.get("/camera/front")).toBeGreaterThan(20);
  expect(await violations(page)).toEqual([]);
  expect(await viewer.getByText("Recordings", { exact: true }).count()).toBe(0);
  expect(wrong()).toEqual([]);
});
