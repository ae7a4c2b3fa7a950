import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { attach } from "@tether/sdk/client";
import { makeKeyPair, publicKeyOf } from "@tether/sdk/robot";
import { expect, test } from "vitest";
import { startFleet, stopFleet } from "../../src/measure/fleet.ts";
import { inLab, type Lab } from "../../src/measure/lab.ts";

/** So long a transaction is at its items, in ms of real time: virtual time stands still while a request is out. */
const overlapping = { name: "store.overlap", holdMs: 8 } as const;

/** Counts what was bought and who was let in, from now on. */
function counting({ watch, system }: Lab) {
  let tickets = 0;
  const before = system.gateway.counts().connects;
  watch(({ event, route, outcome }) => {
    if (event === "request" && String(route).startsWith("/v1/tickets") && outcome === "ok") tickets++;
  });
  return () => ({ tickets, connects: system.gateway.counts().connects - before });
}

test("40 robots come back at one instant, five times, and none is refused for another's transaction [T3, A4]", async () => {
  await inLab(async (lab) => {
    lab.system.faults.set([overlapping]);
    // All draw alike by chance, so that they do everything at the same instants.
    const robots = await startFleet(lab, { robots: 40, overMs: 1_000, kinds: 1 });
    const counted = counting(lab);
    for (let n = 0; n < 5; n++) {
      for (const { connectionId } of lab.system.gateway.connections.list()) lab.system.gateway.connections.cut(connectionId);
      await lab.clock.advance(20_000);
      expect(robots.filter(({ status }) => status !== "online")).toEqual([]);
    }
    const { tickets, connects } = counted();
    process.stdout.write(
      `40 robots × 5 breaks: ${tickets} tickets, ${connects} connects, ${JSON.stringify(lab.system.requests.counts())}\n`,
    );
    expect(connects).toBe(200);
    expect(tickets).toBeLessThanOrEqual(210);
    await stopFleet(lab, robots);
  });
});

test("all tabs that three users may have join each of two robots at one instant, and none is refused [T3, A4]", async () => {
  await inLab(async (lab) => {
    const ids: RobotId[] = [];
    for (const name of ["one", "two"]) ids.push(await lab.setup.robot(name, publicKeyOf(await makeKeyPair())));
    const tokens = await Promise.all(["owner", "operator", "viewer"].map((name) => lab.setup.token(name)));
    lab.system.faults.set([overlapping]);
    const counted = counting(lab);
    const each = tokens.flatMap((token) => Array<string>(limits.session.clientsPerUser).fill(token));
    const tabs = ids.flatMap((robot, of) =>
      each.map((token, n) =>
        attach({ api: lab.system.origin, robot, token: async () => token, platform: lab.platform(100 * (of + 1) + n, 1) }),
      ),
    );
    await lab.clock.advance(30_000);
    const { tickets, connects } = counted();
    process.stdout.write(`${tabs.length} tabs: ${tickets} tickets, ${connects} connects\n`);
    expect(tabs.map(({ status }) => status)).toEqual(Array(tabs.length).fill("online"));
    expect(connects).toBe(tabs.length);
    expect(tickets).toBeLessThanOrEqual(tabs.length * 1.05);
    for (const tab of tabs) tab.close();
    await lab.quiet.idle();
  });
});
