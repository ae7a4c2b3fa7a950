import { limits } from "@tether/protocol/limits";
import type { Clock } from "./clock/clock.ts";
import type { Quiet } from "./clock/quiet.ts";

type Env = { readonly clock: Clock; readonly quiet: Quiet | undefined; readonly sweep: () => Promise<void> };

/** Runs the sweeper every minute, one at a time, as the schedule does in the cloud. */
export function sweepEvery({ clock, quiet, sweep }: Env): { stop(): void } {
  let cancel = arm();

  function arm(): () => void {
    return clock.after(limits.sweep.everyMs, () => {
      const done = quiet?.begin("sweep");
      void sweep()
        .catch(() => undefined)
        .finally(() => {
          cancel = arm();
          done?.();
        });
    });
  }

  return { stop: () => cancel() };
}
