import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { buildConsole, openBrowser } from "./browser.ts";
import { seen, startDrivePages, takeControl } from "./drive-page.ts";
import { startDriving } from "./driving.ts";
import { driveUntil, key } from "./holding.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

const drives = (page: Page) => page.getByText("You drive", { exact: true }).waitFor();
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

test("of two who want to drive, one asks the other, who refuses, gives, and is told who took control and why", async () => {
  const { openDrive, deeds, moves, wrong } = await startDrivePages(browser);
  const [oscar, olive] = [await openDrive("operator"), await openDrive("owner")];
  await takeControl(oscar);
  await olive.getByText("Oscar Operator drives.").waitFor();
  expect(await button(oscar, "Take control …").count()).toBe(0);

  const joystick = await oscar.locator(".joystick").boundingBox();
  await button(olive, "Request control").click();
  await olive.getByText("You asked Oscar Operator for control.").waitFor();
  const asked = oscar.getByRole("region", { name: "Olive Owner asks for control" });
  await asked.getByText(/^0:\d\d$/).waitFor();
  // The joystick under the hand has not moved.
  expect(await oscar.locator(".joystick").boundingBox()).toEqual(joystick);
  await asked.getByLabel("Why not, if you refuse").fill("I am at the gate");
  await asked.getByRole("button", { name: "Refuse" }).click();
  await olive.getByText("Oscar Operator refused to hand control over. “I am at the gate”").waitFor();
  await asked.waitFor({ state: "detached" });

  await button(olive, "Request control").click();
  await asked.getByRole("button", { name: "Hand over" }).click();
  await drives(olive);
  await olive.getByText("Oscar Operator handed control to you.").waitFor();
  await oscar.getByText("You handed control over.").waitFor();

  // Unasked, from the list of who is here.
  await button(olive, "Hand over to Oscar Operator").click();
  await drives(oscar);

  // For as long as there is to answer, which a busy machine may well take to look at it.
  await button(olive, "Request control").click();
  await asked.waitFor();
  expect(await violations(oscar)).toEqual([]);

  await oscar.getByRole("heading", { name: "Control" }).click();
  const reason = () => deeds.all.flatMap((deed) => (deed.did === "stop" ? [deed.reason] : [])).at(-1);
  for (let attempt = 1; attempt <= 5 && reason() !== "epoch"; attempt += 1) {
    // A robot that a busy machine left without commands stood before the change: then control changes once more.
    if (attempt > 1) {
      await oscar.keyboard.up("w");
      await button(olive, "Hand over to Oscar Operator").click();
      await drives(oscar);
    }
    const before = deeds.all.length;
    await button(olive, "Take control …").click();
    await olive.getByLabel("Why you take control").fill("A child on the way");
    if (attempt === 1) expect(await violations(olive)).toEqual([]);
    await driveUntil(oscar, key(oscar, "w"), () => moves(before).length > 0);
    await button(olive, "Take control").click();
    await drives(olive);
    await oscar.getByText("Olive Owner took control. “A child on the way”").waitFor();
    await oscar.getByText("Olive Owner drives.").waitFor();
  }
  // The robot stopped with the change, and obeys the key that is still down no more.
  expect(reason()).toBe("epoch");
  const stop = deeds.all.findLastIndex(({ did }) => did === "stop");
  expect(await violations(oscar)).toEqual([]);
  await oscar.keyboard.up("w");
  expect(moves(stop)).toEqual([]);
  expect(wrong()).toEqual([]);
});

test("a request can be taken back, and nothing comes of it", async () => {
  const { openDrive, join, wrong } = await startDrivePages(browser);
  const driver = join("owner");
  driver.drive.request();
  await driver.ready();
  const page = await openDrive("operator");
  await page.getByText("Olive Owner drives.").waitFor();
  await button(page, "Request control").click();
  await button(page, "Do not ask any more").click();
  await button(page, "Request control").waitFor();
  expect(driver.drive.canDrive).toBe(true);
  expect(wrong()).toEqual([]);
});

test("a duplicated tab takes the session over, and the older one says so and can take it back; they do not fight", async () => {
  const { openDrive, timeline, wrong } = await startDrivePages(browser);
  const older = await openDrive("operator");
  await takeControl(older);
  // A window that a page opens gets a copy of its storage, as a duplicated tab does.
  const opened = older.waitForEvent("popup");
  await older.evaluate(() => void window.open(location.href));
  const newer = await opened;
  await drives(newer);
  await seen(newer);
  await older.getByText("This session goes on in another tab").waitFor();
  await older.getByText("No picture: the session is over.").waitFor();
  expect(await violations(older)).toEqual([]);
  await button(older, "Go on here instead").click();
  await drives(older);
  await newer.getByText("This session goes on in another tab").waitFor();
  expect((await timeline()).map(({ type }) => type).filter((type) => type === "session.contested" || type === "session.ended")).toEqual([]);
  expect(wrong()).toEqual([]);
});

test("a demoted operator goes on watching, and a person without a role on the robot is told so", async () => {
  const { page, meanwhile, says, call, robot, deeds, moves, stops } = await startDriving(browser);
  const begun = deeds.all.length;
  await call("PUT", `/robots/${robot}/grants`, { to: "email:operator@tether.local", role: "viewer" });
  await says("Olive Owner took away your right to drive.");
  expect(stops(begun)).toMatchObject([{ reason: "epoch" }]);
  await meanwhile(seen(page));
  await meanwhile(page.getByRole("link", { name: "Watch", exact: true }).waitFor());
  expect(await button(page, "Request control").count()).toBe(0);
  expect(moves(deeds.all.findLastIndex(({ did }) => did === "stop"))).toEqual([]);
  await page.keyboard.up("a");
  await call("DELETE", `/robots/${robot}/grants?to=email:operator@tether.local`);
  await page.getByText("The access to this robot was taken away.").waitFor();
  await page.getByText("It was Olive Owner.").waitFor();
  await page.getByRole("link", { name: "All robots" }).click();
  await page.getByRole("heading", { name: "No robots yet" }).waitFor();
});

test("a session that someone ended can be begun anew", async () => {
  const { openDrive, call, robot } = await startDrivePages(browser);
  const page = await openDrive("operator");
  const { items } = (await call("GET", `/robots/${robot}/sessions`)) as { items: { id: string; kind: string }[] };
  const session = items.find(({ kind }) => kind === "client");
  await call("POST", `/robots/${robot}/sessions/${session?.id}/end`, {});
  await page.getByText("The session was ended by someone who may.").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("The robot could not be told to stop.").waitFor();
  await button(page, "Attach again").click();
  await seen(page);
  await takeControl(page);
});
