import type { Clock } from "../../clock.ts";
import type { GuardOptions } from "./options.ts";

/** How soon a stop that could not be written is written again, in ms. */
const againMs = 5_000;

type Env = {
  readonly clock: Clock;
  readonly write: NonNullable<GuardOptions["onOrder"]>;
  /** Whether the stop in force is kept. */
  readonly written: (kept: boolean) => void;
};

/** Writes whether a stop is in force to the latch, and tries again while one is that could not be written. R18 */
export function createLatchWriter({ clock, write, written }: Env): (isStopped: boolean) => void {
  let writes = 0;
  let cancel = () => {};

  async function keep(isStopped: boolean): Promise<void> {
    cancel();
    writes += 1;
    const own = writes;
    let outcome: "kept" | "unkept" | undefined;
    try {
      outcome = await write(isStopped);
    } catch {
      outcome = "unkept";
    }
    if (own !== writes || !isStopped || outcome === undefined) return;
    written(outcome === "kept");
    if (outcome === "unkept") cancel = clock.after(againMs, () => void keep(true));
  }

  return (isStopped) => void keep(isStopped);
}
