import { createVirtualClock } from "@tether/local/clock/virtual";
import { password } from "@tether/local/identity/user";
import { createSetup } from "@tether/local/setup";
import { type Local, startLocal } from "@tether/local/start";
import type { RobotId } from "@tether/protocol/id";
import { attach } from "@tether/sdk/client";
import { type Platform, platform as real } from "@tether/sdk/platform";
import { makeKeyPair, publicKeyOf, serve, signerFromJwk } from "@tether/sdk/robot";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { violations } from "./axe.ts";
import { buildConsole, openBrowser, signIn } from "./browser.ts";
import { say } from "./own-end.ts";
import { openTab } from "./tab.ts";

const marker = "s3cret-sdp";

let system: Local;
let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  system = await startLocal({ port: 0, log: () => {} });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

/** An end whose clock stands still sends what it is told to: no acknowledgement falls due, and no signal a second time. */
const standingStill = () => ({ clock: createVirtualClock({ startAt: real.clock.now(), idle: async () => {} }) });

/** A robot that is online, and that nobody but its clients hears of. */
async function startRobot(name: string, platform: Partial<Platform> = {}) {
  const setup = createSetup(system);
  const key = await makeKeyPair();
  const robot = await setup.robot(name, publicKeyOf(key));
  const session = serve({ api: system.origin, robot, signer: await signerFromJwk(key), platform });
  onTestFinished(() => session.close());
  await new Promise<void>((resolve) => void session.on("state", ({ status }) => status === "online" && resolve()));
  return { robot, session, setup };
}

/** An operator's client, once it has met the robot. */
async function startOperator(
  { robot, session: robotSession, setup }: Awaited<ReturnType<typeof startRobot>>,
  platform: Partial<Platform> = {},
) {
  const client = attach({ api: system.origin, robot, token: () => setup.token("operator"), platform });
  onTestFinished(() => client.close());
  await new Promise<void>((resolve) => void client.on("peer.online", () => resolve()));
  const peer = () => robotSession.peers.find(({ user }) => user?.name === "Oscar Operator")?.session;
  return {
    client,
    offers: () => client.send(robotSession.id ?? fail(), { kind: "offer", sdp: marker.repeat(100) }),
    hints: () => client.send(robotSession.id ?? fail(), { kind: "candidate", candidate: marker, sdpMid: "0", sdpMLineIndex: 0 }),
    answered: () => robotSession.send(peer() ?? fail(), { kind: "answer", sdp: marker }),
  };
}

function fail(): never {
  throw new Error("the ends have not met");
}

async function openMonitor(page: Page, robot: RobotId): Promise<Locator> {
  await signIn(page, system.origin, "owner", password);
  await page.goto(`${system.origin}/robots/${robot}/monitor`);
  await page.getByText("Live", { exact: true }).first().waitFor();
  return page.getByRole("table").getByRole("row");
}

test("an owner sees what passes between a robot and its operator, filters, pauses and copies it, with the keyboard alone", async () => {
  const { page, wrong } = await openTab(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  const robot = await startRobot("Rover", standingStill());
  const operator = await startOperator(robot, standingStill());
  await signIn(page, system.origin, "owner", password);
  await page.getByRole("link", { name: "Rover" }).focus();
  await page.keyboard.press("Enter");
  const press = async (locator: Locator, key = "Enter") => {
    await locator.focus();
    await page.keyboard.press(key);
  };
  await press(page.getByRole("navigation", { name: "Robot" }).getByRole("link", { name: "Monitor" }));
  await page.getByText("Live", { exact: true }).first().waitFor();
  await page.getByRole("heading", { name: "Nothing yet" }).waitFor();

  operator.offers();
  const rows = page.getByRole("table").getByRole("row");
  const offer = rows.filter({ hasText: "Offer" });
  await offer.waitFor();
  expect(await offer.innerText()).toMatch(/\d\d:\d\d:\d\d\.\d{3}[\s\S]*Oscar Operator[\s\S]*Rover[\s\S]*Offer[\s\S]*1\.\d KB[\s\S]*Posted/);
  operator.answered();
  operator.hints();
  await rows.filter({ hasText: "Answer" }).waitFor();
  await rows.filter({ hasText: "Candidate" }).waitFor();
  expect(await rows.count()).toBe(4);
  await page.getByText("Candidate 1", { exact: true }).waitFor();

  const type = page.getByLabel("Type");
  await type.focus();
  await page.keyboard.type("Answ");
  await expect.poll(() => rows.count()).toBe(2);
  await page.getByLabel("Words").focus();
  await page.keyboard.type("nobody");
  await press(page.getByRole("button", { name: "Show everything" }));
  await expect.poll(() => rows.count()).toBe(4);

  await press(page.getByRole("button", { name: "Pause" }), "Space");
  operator.hints();
  operator.hints();
  await page.getByText("Paused; 2 new").waitFor();
  expect(await rows.count()).toBe(4);
  await press(page.getByRole("button", { name: "Pause" }), "Space");
  await expect.poll(() => rows.count()).toBe(6);

  const copied = async (name: string) => {
    // The word stands for two seconds, which a busy machine may take to look once.
    const isSaid = page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const look = () => [...document.querySelectorAll("button")].some(({ textContent }) => textContent === "Copied") && resolve();
          new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
        }),
    );
    await press(page.getByRole("button", { name }));
    await isSaid;
    const text = await page.evaluate(() => navigator.clipboard.readText());
    await page.getByRole("button", { name }).waitFor();
    return text;
  };
  const text = await copied("Copy as text");
  expect(text.trimEnd().split("\n")).toHaveLength(5);
  expect(text).toMatch(/Z\tOscar Operator\tRover\toffer\t\d+ B\tPosted/);
  const json = await copied("Copy as JSON");
  expect(JSON.parse(json)).toHaveLength(5);
  expect(text + json + (await page.content())).not.toContain(marker);

  await press(page.getByRole("button", { name: "Clear" }));
  await page.getByRole("heading", { name: "Nothing yet" }).waitFor();
  expect(wrong).toEqual([]);
});

test.each(["light", "dark"] as const)(
  "the monitor can be read by all, in %s: empty, with every verdict, and while it is away",
  async (colorScheme) => {
    const { page } = await openTab(browser, { colorScheme });
    const robot = await startRobot(`Hauler ${colorScheme}`);
    const rows = await openMonitor(page, robot.robot);
    expect(await violations(page)).toEqual([]);
    const operator = await startOperator(robot);
    operator.offers();
    await rows.filter({ hasText: "Posted" }).first().waitFor();
    const to = robot.session.id ?? fail();
    robot.session.close();
    await page.getByText("Away", { exact: true }).first().waitFor();
    const about = { api: system.origin, robot: robot.robot, token: await robot.setup.token("operator") };
    const signal = { type: "signal", to, stream: 1, seq: 1, data: { kind: "app", body: 1 } };
    onTestFinished(await say(about, "not JSON", { type: "control.request" }, signal));
    for (const word of ["Refused", "Answered", "Undelivered"]) await rows.filter({ hasText: word }).first().waitFor();
    expect(await violations(page)).toEqual([]);

    const cut = system.gateway.connections.list().filter(({ authorizer }) => String(authorizer.claims).includes("Olive Owner"));
    await page.context().setOffline(true);
    for (const { connectionId } of cut) system.gateway.connections.cut(connectionId);
    await page.getByText("What is sent meanwhile is not seen.").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.context().setOffline(false);
    await page.getByText("Live", { exact: true }).first().waitFor();
    await rows.filter({ hasText: "Nothing could be seen from" }).waitFor();
    expect(await violations(page)).toEqual([]);
  },
);

test("a person who owns the robot no more, or never did, is told so in words", async () => {
  const { page } = await openTab(browser);
  const { robot, session, setup } = await startRobot("Loader");
  const give = async (to: string, role: string, as = "owner") =>
    fetch(`${system.origin}/v1/robots/${robot}/grants`, {
      method: "PUT",
      headers: { authorization: `Bearer ${await setup.token(as)}`, "content-type": "application/json" },
      body: JSON.stringify({ to: `email:${to}@tether.local`, role }),
    });
  await give("stranger", "owner");
  await signIn(page, system.origin, "stranger", password);
  await page.goto(`${system.origin}/robots/${robot}/monitor`);
  await page.getByText("Live", { exact: true }).first().waitFor();
  await give("stranger", "operator");
  await page.getByText("This page is not told of signals.").waitFor();
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await page.getByRole("alert").getByText("You may not do this.").waitFor();
  expect(await page.getByRole("navigation", { name: "Robot" }).getByRole("link", { name: "Monitor" }).count()).toBe(0);
  expect(session.peers.filter(({ state }) => state === "online")).toEqual([]);
});

test("the page's session ends with it, and is named for what it is while it lasts", async () => {
  const { page } = await openTab(browser);
  const { robot, session } = await startRobot("Digger");
  const ended = new Promise<string | undefined>((resolve) => void session.on("peer.ended", ({ cause }) => resolve(cause)));
  await openMonitor(page, robot);
  const { page: other } = await openTab(browser);
  await signIn(other, system.origin, "owner", password);
  await other.goto(`${system.origin}/robots/${robot}/sessions`);
  await other.getByRole("heading", { name: "Olive Owner · Owner · Monitors" }).waitFor();
  await page.getByRole("navigation", { name: "Robot" }).getByRole("link", { name: "Sessions" }).click();
  expect(await ended).toBe("client.left");
});
