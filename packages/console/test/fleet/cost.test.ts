import type { Robot } from "@tether/protocol/http";
import { expect, test } from "vitest";
import { inLab, type Lab } from "../../../local/src/measure/lab.ts";
import { costs } from "../../../local/src/measure/price.ts";
import { createVirtualClock } from "../../../sdk/test/virtual-clock.ts";
import { watchFleet } from "../../src/fleet/watch.ts";

const minutes = 40;
const pageItems = 50;
const onScreen = 16;

/** A fleet of 300 that an owner has, by the robots' ids. */
async function createFleet({ system, clock }: Lab): Promise<readonly string[]> {
  const { entities } = system.store;
  const made = Array.from({ length: 300 }, (_, n) => ({ name: `Mower ${n}`, createdAt: clock.now(), createdBy: "u" }));
  const robots = made.map((robot) => ({ ...robot, robotId: system.env.ids.next("RobotId") }));
  const owned = { to: "email:owner@tether.local", role: "owner" as const, givenAt: clock.now(), givenBy: "u" };
  for (let from = 0; from < robots.length; from += 25) {
    const some = robots.slice(from, from + 25);
    await entities.robot.put(some).go();
    await entities.grant.put(some.map(({ robotId }) => ({ ...owned, robotId }))).go();
  }
  return robots.map(({ robotId }) => robotId);
}

/** How often a page that nobody uses asks for the robots on the screen, and for a page of the fleet. */
async function countAsked(ids: readonly string[]): Promise<{ inView: number; page: number }> {
  const clock = createVirtualClock();
  const counts = { inView: 0, page: 0 };
  const watch = watchFleet({
    clock,
    list: async (query) => {
      counts[query.has("robots") ? "inView" : "page"]++;
      const from = Number(query.get("cursor") ?? 0);
      const asked = query.get("robots")?.split(",") ?? ids.slice(from, from + pageItems);
      const items = asked.map((id) => ({ id })) as Robot[];
      return { value: { items, ...(!query.has("robots") && from + pageItems < ids.length && { cursor: String(from + pageItems) }) } };
    },
    isAttended: () => false,
    inView: () => ids.slice(0, onScreen),
    changed: () => {},
  });
  await clock.advance(minutes * 60_000);
  watch.stop();
  return counts;
}

test.each([
  ["an owner", "owner@tether.local"],
  ["an admin", "admin@tether.local"],
])("of 300 robots a page of %s that nobody uses costs no more than their pages in turn, one every 5 s, did", (_, email) =>
  inLab(async (lab) => {
    const ids = await createFleet(lab);
    const { idToken } = await lab.system.identity.tokensFor(email);
    const measured = async (query: string) => {
      const { usage } = await lab.count(async () => {
        const response = await fetch(`${lab.system.origin}/v1/robots?${query}`, { headers: { authorization: `Bearer ${idToken}` } });
        expect(response.status).toBe(200);
        await response.text();
      });
      return { readUnits: usage.readUnits, dollars: costs(usage).total };
    };
    const [page, inView] = [await measured(""), await measured(`robots=${ids.slice(0, onScreen).join()}`)];
    const asked = await countAsked(ids);
    expect(asked.inView / minutes).toBeGreaterThan(18);
    for (const unit of ["readUnits", "dollars"] as const)
      expect(asked.inView * inView[unit] + asked.page * page[unit]).toBeLessThanOrEqual(12 * minutes * page[unit]);
  }),
);
