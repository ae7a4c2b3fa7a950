import { randomBytes } from "node:crypto";
import { defaultPolicy } from "@tether/protocol/control";
import type { DriveEvents } from "@tether/sdk/client";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { startTurnServer } from "../../../local/test/ice/turn-server.ts";
import { startOperator } from "../peer/operator.ts";
import { inPage, openDrivePage } from "./chromium.ts";
import { npmStart } from "./npm-start.ts";

/** The time in ms that a busy machine may add to the robot's own timer: a tab ends, a message arrives. It is less than a lost path takes to be noticed. */
const slackMs = 10_000;

type Told = { readonly pose: { readonly heading: number }; readonly velocity: { readonly linear: number; readonly angular: number } };

const farFrom = (one: readonly number[], other: readonly number[]) =>
  one.filter((value, index) => Math.abs(value - (other[index] ?? 0)) > 20).length > one.length / 20;

/** Polls until the condition holds. */
async function until<Seen>(page: Page, see: () => Promise<Seen>, holds: (seen: Seen) => boolean): Promise<Seen> {
  for (let times = 0; times < 6_000; times += 1) {
    const seen = await see();
    if (holds(seen)) return seen;
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  throw new Error(`It never was so: ${JSON.stringify(await inPage(page, (page) => page.why, undefined))}`);
}

/** Kills the tab's process, which can send nothing any more. */
async function kill(page: Page): Promise<void> {
  const crashed = new Promise<void>((resolve) => page.once("crash", () => resolve()));
  const session = await page.context().newCDPSession(page);
  session.send("Page.crash").catch(() => {});
  await crashed;
}

async function relay(): Promise<string> {
  const secret = randomBytes(16).toString("hex");
  const { url } = await startTurnServer(secret);
  return JSON.stringify({ coturn: { urls: [url], secret } });
}

test.each([
  ["straight", false],
  ["through a relay alone", true],
])(
  "Chromium, %s, sees what the robot of `npm start` sees, drives it, and leaves a robot that stands when its tab is killed",
  async (_, relayOnly) => {
    const { origin, robot, token } = await npmStart(...(relayOnly ? ["--ice", await relay()] : []));
    const watcher = startOperator({ api: origin, robot, token: () => token("viewer") });
    const { page, wrong } = await openDrivePage(origin);
    const look = () => inPage(page, (page) => page.look(), undefined);
    await inPage(page, (page, options) => page.start(options), { api: origin, robot, token: await token("operator"), relayOnly });
    const first = await until(page, look, (seen) => new Set(seen).size > 10);
    await inPage(page, (page) => page.request(), undefined);
    await until(
      page,
      () => inPage(page, (page) => page.canDrive, undefined),
      (can) => can,
    );
    expect(farFrom(await look(), first)).toBe(false);
    const told = (holds: (telemetry: Told) => boolean, from: number) =>
      watcher.heard.until("telemetry", ({ name, event }) => name === "telemetry" && holds(event as Told), from);
    const heading = ({ event }: { event: unknown }) => (event as Told).pose.heading;
    const begun = await told(() => true, 0);
    await inPage(page, (page) => page.hold({ linear: 0.3, angular: 1 }), undefined);
    await told(({ pose }) => Math.abs(pose.heading - heading(begun)) > 0.5, 0);
    await until(page, look, (seen) => farFrom(seen, first));
    const [end] = await inPage(page, (page) => page.path(), undefined);
    expect([end !== undefined, end === "relay"]).toEqual([true, relayOnly]);

    const mark = watcher.heard.all.length;
    await kill(page);
    const killedAt = watcher.now();
    const stopped = await watcher.heard.until("word of the stop", ({ name }) => name === "stopped", mark);
    const { reason, latencyMs } = stopped.event as DriveEvents["stopped"];
    expect(reason).toBe("deadman");
    expect(stopped.at - latencyMs - killedAt).toBeLessThan(defaultPolicy.deadmanMs + slackMs);
    await told(({ velocity }) => velocity.linear === 0 && velocity.angular === 0, watcher.heard.all.indexOf(stopped));
    expect(wrong).toEqual([]);
  },
);
