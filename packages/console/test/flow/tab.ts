import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { openPage } from "./browser.ts";

/** Lines of failed requests on the browser's own console are not the page's doing. */
const isBrowsers = (line: string) => /^(Failed to load resource|WebSocket connection to)/.test(line);

/** A tab as `openPage` makes it. When its test is over, nothing went wrong in it that was the page's own doing. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<{ page: Page; wrong: string[] }> {
  const tab = await openPage(browser, options);
  onTestFinished(() => expect(tab.wrong.filter((line) => !isBrowsers(line))).toEqual([]));
  return tab;
}
