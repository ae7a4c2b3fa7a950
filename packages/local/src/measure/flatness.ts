import { startFleet, stopFleet } from "./fleet.ts";
import type { Lab } from "./lab.ts";
import { minus, type Usage } from "./usage.ts";

type InLab = <T>(work: (lab: Lab) => Promise<T>) => Promise<T>;

/** The use of fleets of several sizes in the same time. */
export type Fleets = {
  readonly hours: number;
  /** The sweeper's look at the table, the same for all: with nobody there. */
  readonly shared: Usage;
  /** The use that all robots together add to that. */
  readonly fleets: readonly { readonly robots: number; readonly usage: Usage }[];
};

const hour = 3_600_000;

/** All come online within half an hour, so that what they do every so often is spread; then the time begins. */
const overMs = hour / 2;

/** Long enough for two hand-overs of each robot, each of which grants a new lease, and the presence checks between them. */
const hours = 4;

/** `kinds`: so many robots differ in what they draw by chance; all do unless told. */
export async function countFleets(inLab: InLab, { sizes, kinds }: { sizes: readonly number[]; kinds?: number }): Promise<Fleets> {
  const shared = await inLab(span);
  const fleets: { robots: number; usage: Usage }[] = [];
  for (const robots of sizes) {
    const usage = await inLab(async (lab) => {
      const ends = await startFleet(lab, { robots, overMs, tickMs: 1_000, ...(kinds !== undefined && { kinds }) });
      const used = await span(lab);
      await stopFleet(lab, ends);
      return used;
    });
    fleets.push({ robots, usage: minus(usage, shared) });
  }
  return { hours, shared, fleets };
}

async function span({ clock, count }: Lab): Promise<Usage> {
  const { usage } = await count(() => clock.advance(hours * hour));
  return usage;
}
