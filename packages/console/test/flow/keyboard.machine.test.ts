import { password } from "@tether/local/identity/user";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { buildConsole, openBrowser } from "./browser.ts";
import { seen, startDrivePages } from "./drive-page.ts";
import { driveUntil, key } from "./holding.ts";
import { openTab } from "./tab.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

/** More than there is to be focused on any page. */
const most = 80;

/** Goes there with Tab alone, and sees that it has the focus. */
async function reach(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  const has = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; !(await has()); presses += 1) {
    if (presses === most) throw new Error(`Tab does not reach ${target}.`);
    await page.keyboard.press("Tab");
  }
  await expect.poll(() => focus(page)).toBe("seen");
}

async function press(page: Page, target: Locator, key: "Enter" | "Space" = "Enter"): Promise<void> {
  await reach(page, target);
  await page.keyboard.press(key);
}

/** Whether something has the focus, and one sees that it has. */
function focus(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "lost";
    return element.matches(":focus-visible") && getComputedStyle(element).outlineStyle !== "none" ? "seen" : `unseen: ${element.outerHTML}`;
  });
}

test("with the keyboard alone one signs in, drives, stops, resumes, hands over, takes with a reason, lets go, and reads on", async () => {
  const { origin, join, deeds, moves } = await startDrivePages(browser);
  const { page, wrong } = await openTab(browser);
  onTestFinished(() => page.context().close());
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  const drives = () => page.getByText("You drive", { exact: true }).waitFor();

  await page.goto(`${origin}/`);
  await press(page, button("Sign in"));
  await reach(page, page.getByLabel("E-mail address"));
  await page.keyboard.type("owner@tether.local");
  await reach(page, page.getByLabel("Password"));
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await press(page, link("Drive"));
  await seen(page);

  await press(page, button("Request control"));
  await drives();
  await expect.poll(() => focus(page)).toBe("seen");
  await driveUntil(page, key(page, "ArrowUp"), () => moves(0).length > 0);
  await page.keyboard.up("ArrowUp");

  const before = deeds.all.length;
  await reach(page, button("Release control"));
  // For who drives Space stops, and presses no button.
  await page.keyboard.press("Space");
  await page.getByText("The robot stopped").waitFor();
  expect(deeds.all.slice(before)).toContainEqual(expect.objectContaining({ did: "stop", reason: "stop" }));
  await press(page, button("Resume"));
  await drives();
  await expect.poll(() => focus(page)).toBe("seen");

  const other = join("operator");
  other.drive.request();
  const asked = page.getByRole("region", { name: "Oscar Operator asks for control" });
  await press(page, asked.getByRole("button", { name: "Hand over" }));
  await other.ready();
  await page.getByText("You handed control over.").waitFor();
  await expect.poll(() => focus(page)).toBe("seen");
  await press(page, button("Understood"));
  await expect.poll(() => focus(page)).toBe("seen");

  await press(page, button("Take control …"));
  // The field has the focus by itself.
  await page.locator("input:focus, textarea:focus").waitFor();
  await page.keyboard.type("A child on the way");
  await page.keyboard.press("Enter");
  await drives();
  expect(other.heard.all).toContainEqual(
    expect.objectContaining({ event: expect.objectContaining({ because: "taken", reason: "A child on the way" }) }),
  );
  await expect.poll(() => focus(page)).toBe("seen");
  await press(page, button("Hand over to Oscar Operator"));
  await page.getByText("Oscar Operator drives.").waitFor();
  await expect.poll(() => focus(page)).toBe("seen");

  other.drive.release();
  await press(page, button("Request control"), "Space");
  await drives();
  await press(page, button("Release control"));
  await button("Request control").waitFor();
  await expect.poll(() => focus(page)).toBe("seen");

  const tabs = page.getByRole("navigation", { name: "Robot" });
  for (const [tab, ready] of [
    ["Timeline", page.getByRole("table")],
    ["Sessions", page.getByRole("heading", { name: "Now" })],
    ["Access", page.getByRole("heading", { name: "Who may do what" })],
    ["Set-up", page.getByRole("heading", { name: "Keys" })],
    ["Drive", page.locator("[data-freshness='live']")],
  ] as const) {
    await press(page, tabs.getByRole("link", { name: tab }));
    await ready.waitFor();
    await expect.poll(() => focus(page)).toBe("seen");
  }
  expect(wrong).toEqual([]);
});
