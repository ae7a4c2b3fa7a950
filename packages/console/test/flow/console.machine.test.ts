import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { password } from "@tether/local/identity/user";
import { TimelinePage } from "@tether/protocol/http";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { violations } from "./axe.ts";
import { signIn } from "./browser.ts";
import { expand } from "./expand.ts";
import { driveUntil, key } from "./holding.ts";
import { type Running, startConsole } from "./rig.ts";
import { openTab } from "./tab.ts";

const agentBin = join(import.meta.dirname, "../../../agent/bin/tether-robot.js");

let running: Running;
let system: Running["system"];
let browser: Running["browser"];

beforeAll(async () => {
  running = await startConsole();
  ({ system, browser } = running);
});

afterAll(() => running?.stop());

test.each(["light", "dark"] as const)("every page of a robot's owner can be read by all, in %s", async (colorScheme) => {
  const { page, wrong } = await openTab(browser, { colorScheme });
  await page.goto(`${system.origin}/`);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await signIn(page, system.origin, "owner", password);
  await page.getByText("Online").first().waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("link", { name: "Rover" }).click();
  const entry = page.getByRole("table").getByRole("button", { name: "The robot is online." }).first();
  await expand(entry);
  // The detail opens right below the row, where one looks.
  const below = entry.locator("xpath=ancestor::tr/following-sibling::tr[1]");
  expect(await below.getByRole("definition").first().textContent()).toMatch(/20\d\d/);
  expect(await violations(page)).toEqual([]);
  for (const [name, ready] of [
    ["Drive", "Who is here"],
    ["Sessions", "Now"],
    ["Access", "Who may do what"],
    ["Set-up", "Keys"],
  ] as const) {
    await page.getByRole("navigation", { name: "Robot" }).getByRole("link", { name }).click();
    await page.getByRole("heading", { name: ready }).waitFor();
    expect(await violations(page)).toEqual([]);
  }
  for (const [path, ready] of [
    ["/diagnostics", "Diagnostics"],
    ["/account", "Everywhere"],
    ["/robots/new", "Set up a robot"],
    ["/elsewhere", "There is no such page"],
  ] as const) {
    await page.goto(system.origin + path);
    await page.getByRole("heading", { name: ready }).waitFor();
    expect(await violations(page)).toEqual([]);
  }
  expect(wrong).toEqual([]);
});

test("a robot is set up with the real agent, the page follows by itself to the end, and leads to a first drive", async () => {
  const { page, wrong } = await openTab(browser);
  await signIn(page, system.origin, "owner", password);
  await page.getByRole("link", { name: "Set up a robot" }).click();
  await page.getByLabel("Name").fill("Hauler");
  await page.getByRole("button", { name: "Create the robot" }).click();
  await page.getByRole("heading", { name: "Enter the code at the robot" }).waitFor();
  await page.getByRole("button", { name: "Make a code" }).click();
  await page.getByText("curl -fsSL").waitFor();
  await page.getByText("Where tether-robot is installed already").click();
  const command = (await page.locator("code", { hasText: "enroll" }).textContent()) ?? "";
  const state = mkdtempSync(join(tmpdir(), "tether-agent-"));
  const agent = (...args: string[]) => spawn(process.execPath, [agentBin, ...args, "--state", state], { stdio: "ignore" });
  // The pasted line without `tether-robot`.
  const [code] = await once(agent(...command.split(" ").slice(1)), "exit");
  expect(code).toBe(0);
  await page.getByRole("heading", { name: "The robot has a key" }).waitFor();
  const running = agent("run", "--driver", "simulated");
  onTestFinished(async () => {
    const ended = once(running, "exit");
    running.kill("SIGTERM");
    await ended;
    rmSync(state, { recursive: true });
  });
  await page.getByRole("heading", { name: "The robot is online" }).waitFor();
  await page.getByText("In use").waitFor();
  await page.getByRole("link", { name: "Test drive" }).click();
  await page.getByRole("button", { name: "Request control" }).click();
  await page.getByText("You drive", { exact: true }).waitFor();
  const heading = page.locator(".telemetry .pair", { hasText: "Heading" }).locator("dd");
  const before = await heading.textContent();
  await driveUntil(page, key(page, "a"), async () => (await heading.textContent()) !== before);
  await page.keyboard.up("a");
  expect(wrong).toEqual([]);
});

test("a sign-in leaves no token in the address or in local storage, and a reload keeps it", async () => {
  const { page, wrong } = await openTab(browser);
  const addresses: string[] = [];
  page.on("framenavigated", (frame) => addresses.push(frame.url()));
  await signIn(page, system.origin, "owner", password);
  await page.reload();
  await page.getByRole("link", { name: "Rover" }).waitFor();
  expect(new URL(page.url()).search).toBe("");
  expect(addresses.filter((address) => address.includes("eyJ"))).toEqual([]);
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  await page.getByRole("link", { name: "Olive Owner" }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByText("You are about to sign out").waitFor();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByRole("heading", { name: "Tether" }).waitFor();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  expect(addresses.filter((address) => address.includes("eyJ"))).toEqual([]);
  expect(wrong).toEqual([]);
});

test("the diagnostics go through to WebRTC and say what passed; without a network they say what is", async () => {
  const { page } = await openTab(browser);
  await signIn(page, system.origin, "operator", password);
  await page.getByRole("link", { name: "Diagnostics" }).click();
  await page.getByRole("button", { name: "Run the checks" }).click();
  await page.getByText(/^\d+ of 15 passed/).waitFor();
  await page.getByText("Two peers here hear each other.").waitFor();
  expect(await violations(page)).toEqual([]);
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Run them again" }).click();
  await page.getByText("Look at the network, and whether the service runs.").waitFor();
  await page.getByText(/^\d of 15 failed/).waitFor();
});

test("the timeline is read with the keyboard alone", async () => {
  const { page, wrong } = await openTab(browser);
  await signIn(page, system.origin, "viewer", password);
  await page.getByRole("link", { name: "Rover" }).focus();
  await page.keyboard.press("Enter");
  const item = page.getByRole("group", { name: "Robot" }).getByRole("button").first();
  await item.waitFor();
  await page.locator(".picture [tabindex='0']").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "What happened" }).getByText("online", { exact: false }).first().waitFor();
  const shown = () => page.getByRole("group", { name: "Time shown" }).locator("[aria-pressed='true']").textContent();
  const before = await shown();
  await page.keyboard.press("-");
  expect([before, await shown()]).toBeOneOf([
    ["1 min", "15 min"],
    ["15 min", "1 h"],
  ]);
  expect(await page.getByRole("navigation", { name: "Robot" }).getByRole("link").allTextContents()).toEqual([
    "Watch",
    "Timeline",
    "Sessions",
  ]);
  expect(wrong).toEqual([]);
});

test("a service that goes away and comes back is said to, and signs nobody out", async () => {
  const { page } = await openTab(browser);
  await signIn(page, system.origin, "owner", password);
  await page.getByRole("link", { name: "Rover" }).click();
  await page.getByRole("table").waitFor();
  await page.context().setOffline(true);
  await page.getByText("The service could not be reached.").first().waitFor();
  expect(await page.getByRole("table").isVisible()).toBe(true);
  await page.context().setOffline(false);
  await page.getByText("The service could not be reached.").first().waitFor({ state: "detached" });
});

test("a path that flaps is one row of the timeline, which opens to the entries that it stands for", async () => {
  const { page } = await openTab(browser);
  await signIn(page, system.origin, "owner", password);
  await page.getByRole("link", { name: "Rover" }).click();
  await page.getByRole("table").waitFor();
  const robot = new URL(page.url()).pathname.split("/")[2] ?? "";
  const { idToken } = await system.identity.tokensFor("owner@tether.local");
  const returned = async () => {
    const headers = { authorization: `Bearer ${idToken}` };
    const page = await fetch(`${system.origin}/v1/robots/${robot}/timeline?limit=100`, { headers });
    return TimelinePage.parse(await page.json()).items.filter(({ type }) => type === "session.resumed").length;
  };
  const { connections } = system.gateway;
  for (let count = 0; count < 3; count++) {
    const before = await returned();
    for (const { connectionId, authorizer } of connections.list())
      if (authorizer.principalId.startsWith("rse_")) connections.cut(connectionId);
    await expect.poll(returned).toBe(before + 1);
  }
  const table = page.getByRole("table");
  const flap = table.getByRole("button", { name: "The robot's path flapped for" });
  await flap.waitFor();
  const returns = table.getByRole("button", { name: "The robot is back online." });
  await expect.poll(() => returns.count()).toBe(0);
  await expand(flap);
  await expect.poll(() => flap.locator("xpath=ancestor::tr/following-sibling::tr[1]").textContent()).toMatch(/^Look at the network/);
  await expect.poll(() => returns.count()).toBe(await returned());
  await expand(returns.first());
  const below = returns.first().locator("xpath=ancestor::tr/following-sibling::tr[1]");
  expect(await below.getByRole("definition").first().textContent()).toMatch(/20\d\d/);
  expect(await violations(page)).toEqual([]);
});
