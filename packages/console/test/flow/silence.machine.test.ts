import { password } from "@tether/local/identity/user";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { folder, startAgent } from "../../../agent/test/agent-process.ts";
import { startService } from "../../../agent/test/service.ts";
import { buildConsole, openBrowser, signIn } from "./browser.ts";
import { seen, takeControl } from "./drive-page.ts";
import { openTab } from "./tab.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

/** Until when after the robot's death the page has to say so, in ms. */
const toldMs = 1_500;

type Notes = { said: { at: number; text: string }[]; commands: { at: number; moves: boolean }[] };

/** Notes all that the page says from now on whenever it says something else, and every command that goes into a channel, with the time. */
async function note(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const notes: Notes = { said: [], commands: [] };
    Object.assign(window, { notes });
    const send = RTCDataChannel.prototype.send as (data: unknown) => void;
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
      const { command } = JSON.parse(String(data));
      if (command) notes.commands.push({ at: Date.now(), moves: command.linear !== 0 });
      send.call(this, data);
    };
    const look = () => {
      const text = document.querySelector<HTMLElement>(".drive")?.innerText ?? "";
      if (text !== notes.said.at(-1)?.text) notes.said.push({ at: Date.now(), text });
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
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
  await page.keyboard.down("w");
  await expect.poll(async () => (await notesOf(page)).commands.filter(({ moves }) => moves).length).toBeGreaterThan(5);
  await page.locator(".telemetry .age", { hasText: /^0\.\d s ago$/ }).waitFor();

  const killedAt = Date.now();
  agent.kill();
  await page.locator(".control", { hasText: "No answer" }).waitFor();
  await page.locator(".telemetry[data-old] .age", { hasText: /^Old: / }).waitFor();
  await page.locator("[data-freshness='frozen']").waitFor();
  const { said, commands } = await notesOf(page);
  const told = said.find(({ at, text }) => at >= killedAt && text.includes("No answer"))?.at ?? Number.POSITIVE_INFINITY;
  expect(told - killedAt).toBeLessThan(toldMs);
  const claims = said.filter(({ at, text }) => at > told && /You drive|go straight|keep driving/.test(text));
  expect(claims.map(({ text }) => text)).toEqual([]);
  expect(commands.filter(({ at }) => at > told)).toEqual([]);

  // The robot is back, and the key that was held all the while drives nothing until it is pressed anew.
  const before = commands.length;
  await run();
  await page.getByText("You drive", { exact: true }).waitFor();
  await seen(page);
  await page.keyboard.down("w");
  expect((await notesOf(page)).commands.slice(before).filter(({ moves }) => moves)).toEqual([]);
  await page.keyboard.up("w");
  await page.keyboard.down("w");
  await expect.poll(async () => (await notesOf(page)).commands.slice(before).filter(({ moves }) => moves).length).toBeGreaterThan(0);
  expect(wrong.filter((line) => !line.startsWith("WebSocket"))).toEqual([]);
});
