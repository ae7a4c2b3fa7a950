import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";
import type { DrivePage } from "./page.ts";

const chromes = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A tab of a real browser with nothing in it but the SDK. `prepare` is called before anything is loaded. */
export async function openDrivePage(origin: string, prepare: (page: Page) => Promise<void> = async () => {}) {
  const executablePath = process.env.CHROMIUM ?? chromes.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error("Chromium is not installed: apt-get install chromium");
  // Chromium would hide this machine's addresses behind mDNS names, which only another browser can resolve.
  const args = ["--no-sandbox", "--disable-gpu", "--disable-features=WebRtcHideLocalIpsWithMdns", "--allow-loopback-in-peer-connection"];
  const browser = await chromium.launch({ executablePath, args });
  onTestFinished(() => browser.close());
  const entryPoints = [join(import.meta.dirname, "page.ts")];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: "iife", write: false, logLevel: "error" });
  const page = await browser.newPage();
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  await prepare(page);
  // A page that really comes from there: only such may speak with this machine. It has nothing in it.
  await page.goto(`${origin}/v1/health`);
  await page.evaluate(outputFiles[0]?.text ?? "");
  return { page, wrong };
}

/** Calls a function in the page. */
export function inPage<Argument, Result>(page: Page, run: (page: DrivePage, argument: Argument) => Result, argument: Argument) {
  return page.evaluate<Awaited<Result>>(`(${run})(globalThis.page, ${JSON.stringify(argument)})`);
}
