import { password } from "@tether/local/identity/user";
import { RobotId } from "@tether/protocol/id";
import { problems } from "@tether/protocol/problem";
import { reason } from "@tether/sdk/reason";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pathOf, robotPages } from "../../src/route/route.ts";
import { violations } from "./axe.ts";
import { openPage, signIn } from "./browser.ts";
import { type Running, startConsole } from "./rig.ts";
import { openTab } from "./tab.ts";

let running: Running;
let origin: string;
let rover: RobotId;

beforeAll(async () => {
  running = await startConsole();
  ({ origin } = running.system);
  const { page } = await openPage(running.browser);
  await signIn(page, origin, "owner", password);
  const href = await page.getByRole("link", { name: "Rover" }).getAttribute("href");
  rover = RobotId.parse(href?.split("/").at(-1));
  await page.context().close();
});

afterAll(() => running?.stop());

/** A signed-in tab in which whatever the API is asked goes this way. */
async function openWith(who: string, api: "down" | "broken" | "as it is"): Promise<Page> {
  const { page } = await openTab(running.browser);
  await signIn(page, origin, who, password);
  const { status, says, remedy } = problems.unavailable;
  const body = {
    type: "https://console.example/problems/unavailable.html",
    title: says,
    detail: remedy,
    status,
    code: "unavailable",
    serverTime: 0,
  };
  if (api === "down") await page.route("**/v1/**", (route) => route.abort());
  if (api === "broken") await page.route("**/v1/**", (route) => route.fulfill({ status, json: body }));
  return page;
}

test.each([
  ["cannot be reached", "down", reason("network.failed").says],
  ["is broken", "broken", problems.unavailable.says],
] as const)("where the service %s every page says so, and what to do, and stays usable", async (_, api, says) => {
  const page = await openWith("owner", api);
  for (const path of ["/", "/account", ...robotPages.map((of) => pathOf({ page: of, robot: rover }))]) {
    await page.evaluate((to) => {
      history.pushState(null, "", to);
      dispatchEvent(new PopStateEvent("popstate"));
    }, path);
    const alert = page.getByRole("alert").first();
    await alert.filter({ hasText: says }).waitFor();
    expect(await alert.getByRole("button", { name: "Try again" }).isVisible(), path).toBe(true);
    expect(await page.getByRole("navigation", { name: "Console" }).isVisible(), path).toBe(true);
    expect(await violations(page), path).toEqual([]);
  }
});

test("a robot that is made while the service is away is not lost: the form stays, and says what is so", async () => {
  const page = await openWith("owner", "down");
  await page.getByRole("link", { name: "Set up a robot" }).click();
  await page.getByLabel("Name").fill("Hauler");
  await page.getByRole("button", { name: "Create the robot" }).click();
  await page
    .getByRole("alert")
    .filter({ hasText: reason("network.failed").says })
    .waitFor();
  expect(await page.getByLabel("Name").inputValue()).toBe("Hauler");
  expect(await violations(page)).toEqual([]);
  await page.unroute("**/v1/**");
  await page.getByRole("button", { name: "Create the robot" }).click();
  await page.getByRole("heading", { name: "Enter the code at the robot" }).waitFor();
});

test.each(robotPages)("a robot that is not there is said to be none on its page %s", async (robotPage) => {
  const page = await openWith("stranger", "as it is");
  const { says, remedy } = problems["robot.unknown"];
  for (const robot of [rover, RobotId.parse("rob_01JZ0000000000000000000000")]) {
    await page.goto(origin + pathOf({ page: robotPage, robot }));
    const alert = page.getByRole("alert");
    await alert.filter({ hasText: says }).waitFor();
    expect(await alert.innerText()).toContain(remedy);
    await page.getByRole("link", { name: "All robots" }).waitFor();
    expect(await violations(page)).toEqual([]);
  }
});

test("a person who may not see a page of a robot is told so, and shown nothing of it", async () => {
  const page = await openWith("viewer", "as it is");
  await page.getByRole("link", { name: "Rover" }).click();
  const tabs = page.getByRole("navigation", { name: "Robot" }).getByRole("link");
  await tabs.first().waitFor();
  const shown = await tabs.evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  const paths = robotPages.map((of) => pathOf({ page: of, robot: rover })).filter((path) => !shown.includes(path));
  expect(paths).toEqual(expect.arrayContaining([pathOf({ page: "access", robot: rover }), pathOf({ page: "set-up", robot: rover })]));
  for (const path of paths) {
    await page.goto(origin + path);
    await page.getByRole("alert").filter({ hasText: problems["access.denied"].says }).waitFor();
    expect(await page.getByRole("alert").innerText()).toContain(problems["access.denied"].remedy);
    expect(await page.getByRole("button").count(), path).toBe(0);
    expect(await violations(page)).toEqual([]);
  }
});

test("where there is nothing yet each page says what will be there", async () => {
  const page = await openWith("stranger", "as it is");
  await page.getByRole("heading", { name: "No robots yet" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("link", { name: "Set up your first robot" }).click();
  await page.getByLabel("Name").fill("Hauler");
  await page.getByRole("button", { name: "Create the robot" }).click();
  await page.getByRole("heading", { name: "Enter the code at the robot" }).waitFor();
  const tab = (name: string) => page.getByRole("navigation", { name: "Robot" }).getByRole("link", { name }).click();
  for (const [name, ready] of [
    ["Sessions", "Nobody was on this robot yet"],
    ["Access", "Who may do what"],
    ["Timeline", "1 entry in this time"],
  ] as const) {
    await tab(name);
    await page.getByRole("heading", { name: ready }).waitFor();
    expect(await violations(page), name).toEqual([]);
  }
  await page.getByText("Never online").waitFor();
});

test("before anything is known of the service the page says that it cannot be reached, and goes on when it can", async () => {
  const { page } = await openTab(running.browser);
  await page.route("**/config.json", (route) => route.abort());
  await page.goto(`${origin}/`);
  await page.getByRole("heading", { name: "Tether cannot be reached" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.unroute("**/config.json");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
});

test("a part of the page that cannot be fetched, as after an update, is said in place of a blank window", async () => {
  const { page, wrong } = await openTab(running.browser);
  await signIn(page, origin, "owner", password);
  await page.route("**/assets/diagnostics-page-*.js", (route) => route.abort());
  await page.getByRole("link", { name: "Diagnostics" }).click();
  await page.getByRole("heading", { name: "This page broke" }).waitFor();
  // The browser's console says what broke.
  await expect.poll(() => wrong.filter((line) => line.includes("dynamically imported module"))).toHaveLength(1);
  expect(await violations(page)).toEqual([]);
  wrong.splice(0);
  await page.unroute("**/assets/diagnostics-page-*.js");
  await page.getByRole("button", { name: "Load it again" }).click();
  await page.getByRole("heading", { name: "Diagnostics" }).waitFor();
});
