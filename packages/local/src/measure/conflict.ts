import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { attach } from "@tether/sdk/client";
import { makeKeyPair, publicKeyOf } from "@tether/sdk/robot";
import { startFleet, stopFleet } from "./fleet.ts";
import type { Lab } from "./lab.ts";
import { table } from "./markdown.ts";

/** The outcome for ends that all came at one instant, as DynamoDB has their transactions meet. */
export type Met = {
  readonly what: string;
  readonly ends: number;
  /** Connections that were to be made, and those that were. */
  readonly wanted: number;
  readonly connects: number;
  readonly tickets: number;
  /** Ends that are not online at last. */
  readonly refused: number;
  /** Requests that the table refused because another transaction was at one of their items. */
  readonly conflicts: number;
};

/** So long after each break all are to be back. */
const backMs = 20_000;

function counting({ watch, system }: Lab) {
  let tickets = 0;
  const connects = system.gateway.counts().connects;
  const conflicts = system.faults.struck()["store.overlap"] ?? 0;
  watch(({ event, route, outcome }) => {
    if (event === "request" && String(route).startsWith("/v1/tickets") && outcome === "ok") tickets++;
  });
  return () => ({
    tickets,
    connects: system.gateway.counts().connects - connects,
    conflicts: (system.faults.struck()["store.overlap"] ?? 0) - conflicts,
  });
}

/** Cuts the sockets of all robots at one instant, so many times. All draw alike by chance, so that they do everything at the same instants. */
export async function countBreaks(lab: Lab, { robots: count, breaks }: { robots: number; breaks: number }): Promise<Met> {
  const robots = await startFleet(lab, { robots: count, overMs: 1_000, kinds: 1 });
  const counted = counting(lab);
  for (let n = 0; n < breaks; n++) {
    for (const { connectionId } of lab.system.gateway.connections.list()) lab.system.gateway.connections.cut(connectionId);
    await lab.clock.advance(backMs);
  }
  const refused = robots.filter(({ status }) => status !== "online").length;
  const met = { what: `${count} robots × ${breaks} breaks`, ends: count, wanted: count * breaks, refused, ...counted() };
  await stopFleet(lab, robots);
  return met;
}

/** Lets as many tabs as three users may have come to each of two robots at one instant. */
export async function countTabs(lab: Lab): Promise<Met> {
  const ids: RobotId[] = [];
  for (const name of ["one", "two"]) ids.push(await lab.setup.robot(name, publicKeyOf(await makeKeyPair())));
  const tokens = await Promise.all(["owner", "operator", "viewer"].map((name) => lab.setup.token(name)));
  const counted = counting(lab);
  const each = tokens.flatMap((token) => Array<string>(limits.session.clientsPerUser).fill(token));
  const tabs = ids.flatMap((robot, of) =>
    each.map((token, n) =>
      attach({ api: lab.system.origin, robot, token: async () => token, platform: lab.platform(100 * (of + 1) + n, 1) }),
    ),
  );
  await lab.clock.advance(backMs);
  const refused = tabs.filter(({ status }) => status !== "online").length;
  const met = { what: `${each.length} tabs × ${ids.length} robots`, ends: tabs.length, wanted: tabs.length, refused, ...counted() };
  for (const tab of tabs) tab.close();
  await lab.quiet.idle();
  return met;
}

export function conflictReport(all: readonly Met[], seed: number) {
  const rows: [string, (met: Met) => string | number][] = [
    ["connections to be made", ({ wanted }) => wanted],
    ["made", ({ connects }) => connects],
    ["ends refused for good", ({ refused }) => refused],
    ["tickets a connection", ({ tickets, wanted }) => (tickets / wanted).toFixed(2)],
    ["requests that met a conflict", ({ conflicts }) => conflicts],
  ];
  const head = [`seed ${seed}`, ...all.map(({ what }) => what)];
  return {
    met: all,
    text: table(
      head,
      rows.map(([name, of]) => [name, ...all.map(of)]),
    ),
  };
}
