import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { buildConsole, openBrowser } from "./browser.ts";
import { look, seen, takeControl } from "./drive-page.ts";
import { expand } from "./expand.ts";
import { driveUntil, key } from "./holding.ts";
import { openTab } from "./tab.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

/** The system that `npm start` runs, keeping nothing, on a free port. */
function start() {
  const main = join(import.meta.dirname, "../../../local/src/main.ts");
  const child: ChildProcess = spawn(process.execPath, [main, "--memory", "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      printed += chunk;
    });
  const ended = once(child, "close");
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    ended,
    printed: () => printed,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    children: () => childrenOf(child.pid ?? 0),
  };
}

/** The processes that a process started, as Linux tells. */
function childrenOf(pid: number): number[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    // `pid (name) state parent …`, where the name may have blanks.
    const [, parent] = statOf(entry)?.split(") ").at(-1)?.split(" ") ?? [];
    return Number(parent) === pid ? [Number(entry)] : [];
  });
}

function statOf(pid: number | string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "a newcomer signs in with what `npm start` prints, drives its robot and reads its timeline; at %s all of it ends",
  async (signal) => {
    const service = start();
    await expect.poll(service.printed).toMatch(/The simulated robot is rob_/);
    const address = /Console +(\S+)/.exec(service.printed())?.[1] ?? "";
    const password = /all with the password “(.+)”/.exec(service.printed())?.[1] ?? "";
    const login = /operator@\S+/.exec(service.printed())?.[0] ?? "";

    const { page, wrong } = await openTab(browser);
    onTestFinished(() => page.context().close());
    await page.goto(address);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("E-mail address").fill(login);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: "Drive", exact: true }).click();
    await seen(page);
    const first = await look(page);
    await takeControl(page);
    const turning = page.locator(".telemetry .pair", { hasText: "Turning" }).getByText(/^0\.[1-9]/);
    await driveUntil(page, key(page, "a"), () => turning.isVisible());
    await expect.poll(() => look(page)).not.toBe(first);
    await page.keyboard.up("a");
    await page.getByRole("button", { name: "Release control" }).click();
    await page.getByRole("button", { name: "Request control" }).waitFor();
    await page.getByRole("navigation", { name: "Robot" }).getByRole("link", { name: "Timeline" }).click();
    const entry = page.getByRole("table").getByRole("button", { name: "Oscar Operator has control." }).first();
    await expand(entry);
    expect(wrong).toEqual([]);

    const children = service.children();
    expect(children).not.toEqual([]);
    service.kill(signal);
    expect(await service.ended).toEqual([0, null]);
    // The supervisor of the robot's driver outlives the program until the driver has ended.
    await expect.poll(() => children.filter((pid) => statOf(pid) !== undefined)).toEqual([]);
  },
);
