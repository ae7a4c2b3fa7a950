import { webcrypto } from "node:crypto";
import { trackSubtle } from "@tether/local/clock/subtle";
import type { Fault } from "@tether/local/fault/fault";
import { clientEpisodes } from "./client-episodes.ts";
import type { Episodes } from "./episode.ts";
import { robotEpisodes } from "./robot-episodes.ts";
import { createSite, type Site } from "./site.ts";
import { minute, openTown, second, type Town } from "./town.ts";

/** The cloud's faults now and then: its word of a connection's end comes late, twice, or not at all. */
const weather: readonly Fault[] = [
  { name: "disconnect.late", ms: 45 * second, rate: 0.05 },
  { name: "disconnect.doubled", rate: 0.05 },
  { name: "disconnect.lost", rate: 0.01 },
  { name: "latency", minMs: 5, maxMs: 80 },
  { name: "sweep.late", ms: 90 * second, rate: 0.05 },
];

export type Size = {
  readonly seed: number;
  readonly sites: number;
  /** No episode begins once so many endings, about, came of those before. */
  readonly endings: number;
  /** Told how many came so far; no further episode begins where it answers false. */
  readonly goesOn?: (endings: number) => boolean;
};

export type Ran = {
  readonly town: Town;
  readonly startedAt: number;
  readonly sites: readonly Site[];
  readonly episodes: Readonly<Record<string, number>>;
  close(): Promise<void>;
};

/** Lets things happen at some robots until enough has happened, and then until all that comes of it is over. */
export async function runTown({ seed, sites: count, endings, goesOn = () => true }: Size): Promise<Ran> {
  // Loaded now, as loading is nothing that the virtual clock waits for.
  await import("../../src/peer/webrtc.ts");
  const town = await openTown(seed);
  const untrack = trackSubtle(town.world.quiet, webcrypto.subtle);
  const startedAt = town.world.clock.now();
  const episodes: Record<string, number> = {};
  const sites: Site[] = [];
  const all = new Set<Promise<void>>();
  let isOpen = true;
  async function lane(site: Site, from: Episodes): Promise<void> {
    while (isOpen && town.ledger.endings() < endings) {
      const name = drawn(town, from, episodes);
      episodes[name] = (episodes[name] ?? 0) + 1;
      await from[name]?.act(site);
      await town.pause(Math.floor((1 + town.draw() * 20) * second));
    }
  }

  const starting = Array.from({ length: count }, async () => void sites.push(await createSite(town)));
  let isSiteed = false;
  void Promise.all(starting).then(() => {
    isSiteed = true;
  });
  while (!isSiteed) await town.world.clock.advance(second);
  await town.world.clock.advance(minute);
  town.world.system.faults.set(weather);
  for (const site of sites) {
    for (const from of [robotEpisodes, clientEpisodes, clientEpisodes, clientEpisodes]) {
      const work = lane(site, from);
      all.add(work);
      void work.finally(() => all.delete(work));
    }
  }
  while (all.size > 0) {
    await town.world.clock.advance(minute);
    isOpen &&= goesOn(town.ledger.endings());
  }
  town.world.system.faults.set([]);
  await town.world.clock.advance(20 * minute);
  return {
    town,
    startedAt,
    sites,
    episodes,
    async close() {
      for (const { machine, watcher } of sites) {
        machine.retire();
        watcher.dispose();
      }
      untrack();
      await town.world.system.stop();
    },
  };
}

/** An episode that has not been had yet comes first. */
function drawn(town: Town, from: Episodes, had: Readonly<Record<string, number>>): string {
  const fresh = Object.keys(from).filter((name) => had[name] === undefined);
  if (fresh.length > 0) return town.pick(fresh);
  let left = town.draw() * Object.values(from).reduce((sum, { weight }) => sum + weight, 0);
  for (const [name, { weight }] of Object.entries(from)) {
    left -= weight;
    if (left <= 0) return name;
  }
  return Object.keys(from)[0] ?? "";
}
