import type { Clock } from "../../clock.ts";
import type { GuardOptions } from "./options.ts";

/** How soon a stop that could not be kept is noted again, in ms. */
const againMs = 5_000;

type Env = {
  readonly clock: Clock;
  readonly note: NonNullable<GuardOptions["onOrder"]>;
  /** Whether the stop in force is kept. */
  readonly noted: (kept: boolean) => void;
};

/** Has it remembered whether a stop is in force, and tries again while one is and could not be. R18 */
export function createKeeper({ clock, note, noted }: Env): (isStopped: boolean) => void {
  let turn = 0;
  let cancel = () => {};

  async function keep(isStopped: boolean): Promise<void> {
    cancel();
    turn += 1;
    const own = turn;
    let outcome: "kept" | "unkept" | undefined;
    try {
      outcome = await note(isStopped);
    } catch {
      outcome = "unkept";
    }
    if (own !== turn || !isStopped || outcome === undefined) return;
    noted(outcome === "kept");
    if (outcome === "unkept") cancel = clock.after(againMs, () => void keep(true));
  }

  return (isStopped) => void keep(isStopped);
}
