import { limits } from "@tether/protocol/limits";
import type { Clock } from "./clock/clock.ts";
import type { Quiet } from "./clock/quiet.ts";
import type { RequestTime } from "./clock/request-time.ts";
import type { Faults } from "./fault/faults.ts";

type Env = {
  readonly clock: Clock;
  readonly quiet: Quiet | undefined;
  readonly faults: Pick<Faults, "sweep">;
  readonly time: Pick<RequestTime, "wait">;
  /** A run of the sweeper. */
  readonly sweep: () => Promise<void>;
  /** Of the sweeper's schedule unless told. */
  readonly everyMs?: number;
};

/** A schedule that runs; `runs` says how often it did. */
export type Sweeping = { runs(): number; stop(): void };

/**
 * Runs the sweeper every minute, or the presence checks by their own schedule, as the schedule does in the cloud; which may be late, and may begin
 * two at once or one while another runs.
 */
export function sweepEvery({ clock, quiet, faults, time, sweep, everyMs = limits.sweep.everyMs }: Env): Sweeping {
  let count = 0;
  let cancel = arm();

  function arm(): () => void {
    const { lateMs, runs } = faults.sweep();
    return clock.after(everyMs + lateMs, () => {
      const done = quiet?.begin("sweep");
      count += runs.length;
      const run = async (afterMs: number) => {
        if (afterMs > 0) await time.wait(afterMs);
        await sweep();
      };
      void Promise.allSettled(runs.map(run)).finally(() => {
        cancel = arm();
        done?.();
      });
    });
  }

  return { runs: () => count, stop: () => cancel() };
}
