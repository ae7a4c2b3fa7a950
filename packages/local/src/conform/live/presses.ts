type Way = "control" | "events" | "frame";

/**
 * Tells stops that the run ordered from those of somebody else: each of its presses is good for one number, and a press that goes by another
 * way as well for no further one (R16). A number that no press was good for is somebody's stop.
 */
export function createPresses() {
  const ways = new Map<string, Set<Way>>();
  let unspent = 0;
  let newest: number | undefined;
  let inForce: number | undefined;

  return {
    /** `key` where the press has one that counts. */
    pressed(session: string, way: Way, key: string | undefined): void {
      const name = `${session} ${key}`;
      const known = key === undefined ? undefined : ways.get(name);
      if (!known || known.has(way)) unspent += 1;
      if (key !== undefined) ways.set(name, new Set([...(known ?? []), way]));
    },
    /** The robot told of a stop, one of its own included. Answers whether it is somebody else's. */
    stopped(number: number): boolean {
      if (newest !== undefined && number <= newest) return false;
      const more = newest === undefined ? 1 : number - newest;
      newest = number;
      const isOurs = more <= unspent;
      unspent = Math.max(0, unspent - more);
      inForce = isOurs ? number : undefined;
      return !isOurs;
    },
    /** A press that was lost on its way is good for nothing any more. */
    resumed(): void {
      unspent = 0;
      inForce = undefined;
    },
    /** The number of the run's own stop that is in force. */
    inForce: () => inForce,
  };
}

export type Presses = ReturnType<typeof createPresses>;
