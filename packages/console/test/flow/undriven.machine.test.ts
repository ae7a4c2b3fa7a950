import { password } from "@tether/local/identity/user";
import { causes } from "@tether/protocol/cause";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folder, startAgent } from "../../../agent/test/agent-process.ts";
import { startService } from "../../../agent/test/service.ts";
import { buildConsole, openBrowser, signIn } from "./browser.ts";
import { pauseTime } from "./page-time.ts";
import { openTab } from "./tab.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

/** The page must say so within this time of its opening, in ms of the page's own clock. */
const saidMs = 2_000;

test("the drive page says within 2 s that a robot has no driver, and what to do about it [P12]", async () => {
  const service = await startService();
  const home = folder();
  const robot = await service.createRobot();
  await startAgent(home, "enroll", service.origin, await service.codeFor(robot)).ended;
  await startAgent(home, "run").saying({ event: "state", status: "online" });
  const { page, wrong } = await openTab(browser);
  await page.clock.install();
  await signIn(page, service.origin, "owner", password);
  const drive = page.getByRole("link", { name: "Drive", exact: true });
  await drive.waitFor();
  // From here on the page's time passes by `runFor` alone, and stands still after the two seconds, so that a busy machine does not count.
  await pauseTime(page);
  await drive.click();
  const word = page.getByText("No driver", { exact: true });
  for (let passedMs = 0; passedMs < saidMs && !(await word.isVisible()); passedMs += 100) {
    await page.clock.runFor(100);
  }
  await word.waitFor();
  await page.getByRole("region", { name: "Contact" }).getByText("This robot has no driver", { exact: false }).waitFor();
  await page.getByText(causes["driver.none"].remedy, { exact: false }).first().waitFor();
  expect(wrong).toEqual([]);
});
