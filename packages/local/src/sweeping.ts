import { limits } from "@tether/protocol/limits";
import type { Clock } from "./clock/clock.ts";
import type { Quiet } from "./clock/quiet.ts";
import type { Faults } from "./fault/faults.ts";

type Env = {
  readonly clock: Clock;
  readonly quiet: Quiet | undefined;
  readonly faults: Pick<Faults, "sweep">;
  readonly sweep: () => Promise<void>;
};

/** Runs the sweeper every minute, one at a time, as the schedule does in the cloud; which may be late, and may begin two at once. */
export function sweepEvery({ clock, quiet, faults, sweep }: Env): { stop(): void } {
  let cancel = arm();

  function arm(): () => void {
    const { lateMs, runs } = faults.sweep();
    return clock.after(limits.sweep.everyMs + lateMs, () => {
      const done = quiet?.begin("sweep");
      void Promise.allSettled(Array.from({ length: runs }, sweep)).finally(() => {
        cancel = arm();
        done?.();
      });
    });
  }

  return { stop: () => cancel() };
}
