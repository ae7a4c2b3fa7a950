import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildConsole, openBrowser } from "./browser.ts";
import { look, pictures, startDrivePages, takeControl } from "./drive-page.ts";
import { driveUntil, key } from "./holding.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

test("a person sees what the robot sees, drives it with the keyboard, lets go, stops it, and drives on", async () => {
  const { openDrive, deeds, moves, wrong } = await startDrivePages(browser);
  const page = await openDrive("operator");
  const first = await look(page);
  await expect.poll(() => look(page)).not.toBe(first);

  await takeControl(page);
  const place = page.locator(".telemetry dd").first();
  const start = await place.textContent();
  await driveUntil(page, key(page, "w"), async () => (await place.textContent()) !== start);
  await page.keyboard.up("w");
  await expect.poll(() => deeds.all.at(-1)).toMatchObject({ did: "stood" });
  const commands = () => deeds.all.filter(({ did }) => did === "command");
  const lastCommand = async () => {
    // A robot that a busy machine holds up drops a release that it hears too late.
    if (commands().at(-1) === moves(0).at(-1)) await page.keyboard.press("w");
    return commands().at(-1);
  };
  await expect.poll(lastCommand, { interval: 1_000 }).toMatchObject({ command: { linear: 0, angular: 0 } });
  const released = deeds.all.length;

  // With the slider touched last, keys drive and stop all the same.
  const speed = page.getByLabel("Speed");
  await speed.click();
  const chosen = await speed.inputValue();
  const touched = deeds.all.length;
  await driveUntil(page, key(page, "ArrowUp"), () => moves(touched).length > 3);
  await page.keyboard.up("ArrowUp");
  expect(await speed.inputValue()).toBe(chosen);
  await page.keyboard.press("Space");
  await page.getByText("The robot stopped").waitFor();
  await page.getByRole("button", { name: "Resume" }).waitFor();
  expect(deeds.all.slice(released)).toContainEqual(expect.objectContaining({ did: "stop", reason: "stop" }));
  const stopped = deeds.all.length;
  await page.getByRole("heading", { name: "Control" }).click();
  await page.keyboard.down("w");
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("You drive", { exact: true }).waitFor();
  // A key that was held through the stop does not drive on.
  await pictures(page, 5);
  expect(moves(stopped)).toEqual([]);
  await page.keyboard.up("w");
  await driveUntil(page, key(page, "w"), () => moves(stopped).length > 0);
  await page.keyboard.up("w");

  // An application that shows this page may have its text fields in shadow roots.
  await expect.poll(() => deeds.all.at(-1)).toMatchObject({ did: "stood" });
  for (const mode of ["open", "closed"] as const) {
    const typed = deeds.all.length;
    await page.evaluate((mode) => {
      const field = document.createElement("input");
      const host = document.body.appendChild(document.createElement("chat-field"));
      host.attachShadow({ mode }).append(field);
      field.focus();
    }, mode);
    await page.keyboard.down("w");
    await pictures(page, 5);
    await page.keyboard.up("w");
    expect(moves(typed)).toEqual([]);
  }
  expect(wrong()).toEqual([]);
});

test("a page that is loaded again while it drives has its session and control back, and nobody did anything", async () => {
  const { openDrive, deeds, moves, timeline, robot, call, wrong } = await startDrivePages(browser);
  const page = await openDrive("operator");
  await takeControl(page);
  await driveUntil(page, key(page, "w"), () => moves(0).length > 3);
  const before = deeds.all.length;
  await page.reload();
  await page.getByText("You drive", { exact: true }).waitFor();
  await page.keyboard.up("w");
  await driveUntil(page, key(page, "w"), () => moves(before).length > 3);
  await page.keyboard.up("w");
  // The robot stood because nobody commanded it or the channel went, and no stop by order holds it.
  const stops = deeds.all.slice(before).flatMap((deed) => (deed.did === "stop" ? [deed.reason] : []));
  expect(stops.filter((reason) => reason !== "deadman" && reason !== "channel.closed" && reason !== "epoch")).toEqual([]);
  const control = (await timeline()).map(({ type }) => type).filter((type) => type.startsWith("control."));
  expect(control.toReversed()).toEqual(["control.granted", "control.away", "control.returned", "control.superseded"]);
  const { items } = (await call("GET", `/robots/${robot}/sessions`)) as { items: { kind: string }[] };
  expect(items.filter(({ kind }) => kind === "client")).toMatchObject([{ state: "online", epoch: 2 }]);
  expect(wrong()).toEqual([]);
});

test("a viewer watches, cannot drive, and stops the robot while another drives it", async () => {
  const { openDrive, join, deeds, moves, wrong } = await startDrivePages(browser);
  const page = await openDrive("viewer");
  const driver = join("operator");
  driver.drive.request();
  await driver.ready();
  driver.hold({ linear: 0.2, angular: 0 });
  await page.getByText("Oscar Operator drives.").waitFor();
  expect(await page.getByRole("button", { name: /control/i }).count()).toBe(0);
  await expect.poll(() => moves(0).length).toBeGreaterThan(0);
  await page.getByRole("button", { name: "STOP" }).click();
  await page.getByText("The robot stopped").waitFor();
  const stop = deeds.all.findIndex((deed) => deed.did === "stop" && deed.reason === "stop");
  expect(stop).toBeGreaterThan(-1);
  await expect.poll(() => driver.drive.why).toBe("stopped");
  await page.keyboard.down("w");
  await pictures(page, 5);
  expect(moves(stop)).toEqual([]);
  expect(wrong()).toEqual([]);
});
