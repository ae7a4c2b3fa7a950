import { randomBytes } from "node:crypto";
import { coturnIce } from "@tether/core/ice";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { startTurnServer } from "../../../local/test/ice/turn-server.ts";
import { startReference } from "../peer/rig.ts";
import { startServiceWith } from "../service.ts";
import { inPage, openCockpit } from "./chromium.ts";

const farFrom = (one: readonly number[], other: readonly number[]) =>
  one.filter((value, index) => Math.abs(value - (other[index] ?? 0)) > 20).length > one.length / 20;

const look = (page: Page) => inPage(page, (cockpit) => cockpit.look(), undefined);

/** Looks until it is so. */
async function until<Seen>(page: Page, see: () => Promise<Seen>, holds: (seen: Seen) => boolean): Promise<Seen> {
  for (let times = 0; times < 1_200; times += 1) {
    const seen = await see();
    if (holds(seen)) return seen;
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  throw new Error(`It never was so: ${JSON.stringify(await inPage(page, (cockpit) => cockpit.why, undefined))}`);
}

async function throughTurn() {
  const secret = randomBytes(16).toString("hex");
  const { url } = await startTurnServer(secret);
  return startServiceWith(coturnIce({ urls: [url], secret }));
}

test.each([
  ["straight", false],
  ["through a relay alone", true],
])("Chromium, %s, sees what the robot sees, drives it, and leaves a robot that stands when its tab is killed", async (_, relayOnly) => {
  const { origin, robot, token, deeds } = await startReference(undefined, relayOnly ? await throughTurn() : undefined);
  const { page, wrong } = await openCockpit(origin);
  await inPage(page, (cockpit, options) => cockpit.start(options), {
    api: origin,
    robot,
    token: await token("operator"),
    relayOnly,
  });
  const first = await until(
    page,
    () => look(page),
    (seen) => new Set(seen).size > 10,
  );
  await inPage(page, (cockpit) => cockpit.request(), undefined);
  await until(
    page,
    () => inPage(page, (cockpit) => cockpit.canDrive, undefined),
    (can) => can,
  );
  expect(farFrom(await look(page), first)).toBe(false);
  const pose = () => inPage(page, (cockpit) => (cockpit.telemetry as { pose?: { heading: number } } | undefined)?.pose, undefined);
  const begun = await until(page, pose, (told) => told !== undefined);
  await inPage(page, (cockpit) => cockpit.hold({ linear: 0.3, angular: 1 }), undefined);
  await until(page, pose, (told) => Math.abs((told?.heading ?? 0) - (begun?.heading ?? 0)) > 0.5);
  await until(
    page,
    () => look(page),
    (seen) => farFrom(seen, first),
  );
  const [end] = await inPage(page, (cockpit) => cockpit.path(), undefined);
  expect([end !== undefined, end === "relay"]).toEqual([true, relayOnly]);
  const mark = deeds.all.length;
  await page.close();
  const stop = await deeds.until("a stop", ({ did }) => did === "stop", mark);
  const stood = await deeds.until("a robot that stands", ({ did }) => did === "stood", mark);
  expect(["deadman", "channel.closed"]).toContain("reason" in stop && stop.reason);
  expect(deeds.all.slice(deeds.all.indexOf(stood)).filter(({ did }) => did === "command")).toEqual([]);
  expect(wrong).toEqual([]);
});
