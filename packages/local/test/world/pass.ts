import type { RawEnd } from "./raw-end.ts";
import { noon, type World } from "./world.ts";

export const minute = 60_000;

/** Lets time pass; an end that is open sends keepalives, so that the gateway does not find it idle. */
export async function pass(world: World, ms: number, ...ends: (RawEnd | undefined)[]): Promise<void> {
  for (let left = ms; left > 0; left -= 4 * minute) {
    await world.clock.advance(Math.min(left, 4 * minute));
    for (const end of ends) if (end && !end.closed) end.send({ type: "ping" });
    await world.idle();
  }
}

/** Advances to the moment after a run of the sweeper: the next one is a minute away. */
export async function justSwept(world: World): Promise<void> {
  await world.clock.advance(minute - ((world.clock.now() - noon) % minute) + 1);
}
