import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Clock } from "../clock.ts";
import type { Store } from "../store/index.ts";
import { once } from "../store/once.ts";

/** The name of the cell whose table holds the directory, and where every robot is that was never moved. */
export const home = "home";

/** Where a robot is. `cameFrom` while a part of its history is still there. */
export type RobotLocation = { readonly cell: string; readonly movingTo?: string | undefined; readonly cameFrom?: string | undefined };

/** The cell that a robot is in, by one consistent read: a decision by an older location could refuse a robot for good. */
export async function locationOf({ store }: { store: Store }, robotId: RobotId): Promise<RobotLocation> {
  const { data } = await store.entities.robotLocation.get({ robotId }).go({ consistent: true });
  return data ?? { cell: home };
}

/** Whether a robot that is looked for here is another cell's by now, or about to be. */
export async function hasLeft({ store }: { store: Store }, robotId: RobotId): Promise<boolean> {
  const { data } = await store.entities.robot.get({ robotId }).go({ consistent: true });
  return data?.movedTo !== undefined;
}

export type Move = { readonly robotId: RobotId; readonly from: string; readonly to: string };

/** The right of a run to move a robot. */
export type Claim = {
  /** Before each write of the run: the claim then lasts for longer than the write takes. */
  readonly hold: () => Promise<void>;
  /** From now on the robot is in its new cell. */
  readonly flip: () => Promise<void>;
  /** Nothing of it is left in the cell it came from. */
  readonly finish: () => Promise<void>;
};

/**
 * Marks the robot as moving, for one run; nothing where another run has the claim. Two runs at once would each take for stale what the other
 * has just put. The claim of a run that died lapses soon.
 */
export async function claim(env: { directory: Store; clock: Clock }, move: Move, run: string): Promise<Claim | undefined> {
  const { robotId, from, to } = move;
  const { claimMs } = limits.cell;
  let until = 0;

  async function write(location: RobotLocation): Promise<"written" | "refused"> {
    const now = env.clock.now();
    const put = env.directory.entities.robotLocation.put({ robotId, ...location, run, runUntil: now + claimMs });
    const written = await once(
      put
        .where((of, { eq, notExists, lt }) => {
          const isFree = `${notExists(of.run)} OR ${eq(of.run, run)} OR ${lt(of.runUntil, now)}`;
          const isBefore = `${eq(of.cell, from)} AND (${notExists(of.movingTo)} OR ${eq(of.movingTo, to)})`;
          const isAfter = `${eq(of.cell, to)} AND ${eq(of.cameFrom, from)}`;
          return `${notExists(of.cell)} OR ((${isFree}) AND ((${isBefore}) OR (${isAfter})))`;
        })
        .go(),
    );
    if (written === "written") until = now + claimMs;
    return written;
  }

  const after: RobotLocation = { cell: to, cameFrom: from };
  const found = await locationOf({ store: env.directory }, robotId);
  let location: RobotLocation = found.cell === to ? after : { cell: from, movingTo: to };
  if ((await write(location)) === "refused") return undefined;

  async function keep(): Promise<void> {
    if ((await write(location)) === "refused") throw new Error(`another run moves ${robotId}`);
  }

  return {
    async hold() {
      if (until - env.clock.now() < claimMs / 2) await keep();
    },
    async flip() {
      location = after;
      await keep();
    },
    async finish() {
      await keep();
      await env.directory.entities.robotLocation.put({ robotId, cell: to }).go();
    },
  };
}
