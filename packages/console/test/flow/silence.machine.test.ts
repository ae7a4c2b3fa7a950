import { password } from "@tether/local/identity/user";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { folder, startAgent } from "../../../agent/test/agent-process.ts";
import { startService } from "../../../agent/test/service.ts";
import { buildConsole, openBrowser, signIn } from "./browser.ts";
import { seen, takeControl } from "./drive-page.ts";
import { driveUntil, key } from "./holding.ts";
import { openTab } from "./tab.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

/** Until when after the robot's last word the page has to say that it does not answer, in ms. */
const toldMs = 1_500;
const tickMs = 50;

/** Instants are ticks of a timer in the page, so that a machine that is too busy to run it does not count. */
type Notes = {
  now: number;
  /** When the robot was heard last, and how often the page had said something else before. */
  heard: { at: number; said: number };
  said: { at: number; text: string }[];
  commands: { at: number; moves: boolean }[];
};

/** Notes all that the page says from now on whenever it says something else, every command that goes into a channel, and when the robot was heard last. */
async function note(page: Page): Promise<void> {
  await page.addInitScript((tickMs) => {
    const notes: Notes = { now: 0, heard: { at: 0, said: 0 }, said: [], commands: [] };
    Object.assign(window, { notes });
    setInterval(() => {
      notes.now += 1;
    }, tickMs);
    const create = RTCPeerConnection.prototype.createDataChannel;
    RTCPeerConnection.prototype.createDataChannel = function (...asked) {
      const channel = create.apply(this, asked);
      channel.addEventListener("message", () => {
        notes.heard = { at: notes.now, said: notes.said.length };
      });
      return channel;
    };
    const send = RTCDataChannel.prototype.send as (data: unknown) => void;
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
      const { command } = JSON.parse(String(data));
      if (command) notes.commands.push({ at: notes.now, moves: command.linear !== 0 });
      send.call(this, data);
    };
    const look = () => {
      const text = document.querySelector<HTMLElement>(".drive")?.innerText ?? "";
      if (text !== notes.said.at(-1)?.text) notes.said.push({ at: notes.now, text });
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  }, tickMs);
}

const notesOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { notes: Notes }).notes);

test("after kill -9 of its agent the page says within 1.5 s that the robot does not answer, and sends it nothing more [R31]", async () => {
  const { origin, createRobot, codeFor } = await startService();
  const home = folder();
  expect(await startAgent(home, "enroll", origin, await codeFor(await createRobot())).ended).toBe(0);
  const run = async () => {
    const agent = startAgent(home, "run", "--driver", "simulated");
    await agent.saying({ event: "state", status: "online" });
    return agent;
  };
  const agent = await run();

  const { page, wrong } = await openTab(browser);
  onTestFinished(() => page.context().close());
  await note(page);
  await signIn(page, origin, "owner", password);
  await page.getByRole("link", { name: "Drive", exact: true }).click();
  await seen(page);
  await takeControl(page);
  const moves = async (from: number) => (await notesOf(page)).commands.slice(from).filter((command) => command.moves).length;
  await driveUntil(page, key(page, "w"), async () => (await moves(0)) > 5);
  await page.locator(".telemetry .age", { hasText: /^0\.\d s ago$/ }).waitFor();

  agent.kill();
  await page.locator(".control", { hasText: "No answer" }).waitFor();
  await page.locator(".telemetry[data-old] .age", { hasText: /^Old: / }).waitFor();
  await page.locator("[data-freshness='frozen']").waitFor();
  const { heard, said, commands } = await notesOf(page);
  const [told, ...later] = said.slice(said.findIndex(({ text }, at) => at >= heard.said && text.includes("No answer")));
  const toldAt = told?.at ?? Number.POSITIVE_INFINITY;
  expect((toldAt - heard.at) * tickMs).toBeLessThan(toldMs);
  expect(later.map(({ text }) => text).filter((text) => /You drive|go straight|keep driving/.test(text))).toEqual([]);
  expect(commands.filter(({ at }) => at > toldAt)).toEqual([]);

  // The robot is back, and the key that was held all the while drives nothing until it is pressed anew.
  const before = commands.length;
  await run();
  await page.getByText("You drive", { exact: true }).waitFor();
  await seen(page);
  await page.keyboard.down("w");
  expect(await moves(before)).toBe(0);
  await page.keyboard.up("w");
  await driveUntil(page, key(page, "w"), async () => (await moves(before)) > 0);
  expect(wrong.filter((line) => !line.startsWith("WebSocket"))).toEqual([]);
});
