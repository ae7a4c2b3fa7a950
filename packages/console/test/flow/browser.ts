import { execFile } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const root = join(import.meta.dirname, "../..");

const chromes = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? chromes.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error("Chromium is not installed: apt-get install chromium");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });
}

const dist = join(root, "dist");

/**
 * Builds the console as it is shipped, where the local system serves it from unless told. There it is built once in a run of the tests, which
 * names a file that stands for that (`set-up.ts`).
 */
export async function buildConsole(outDir = dist): Promise<void> {
  const isBuilt = outDir === dist ? process.env.TETHER_CONSOLE_BUILT : undefined;
  if (isBuilt !== undefined && existsSync(isBuilt)) return;
  // In a process of its own: what runs tests tells React that it is being tested.
  const vite = join(root, "../../node_modules/vite/bin/vite.js");
  await promisify(execFile)(process.execPath, [vite, "build", root, "--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"], {
    env: { ...process.env, NODE_ENV: "production" },
  });
  if (isBuilt !== undefined) writeFileSync(isBuilt, "");
}

/** A tab, and everything that went wrong in it: errors on the console, exceptions, refusals by the page's policy. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<{ page: Page; wrong: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  // A limit against hanging: a busy machine may take long.
  page.setDefaultTimeout(60_000);
  const wrong: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") wrong.push(message.text());
  });
  page.on("pageerror", (error) => wrong.push(String(error)));
  return { page, wrong };
}

/** Signs in as a person does: through the provider's page. */
export async function signIn(page: Page, origin: string, who: string, password: string): Promise<void> {
  await page.goto(`${origin}/`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("E-mail address").fill(`${who}@tether.local`);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Robots", level: 1 }).waitFor();
}
