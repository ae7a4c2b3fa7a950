import { invoke, type Log } from "@tether/aws/invocation";
import { sweep } from "@tether/core/sweep";
import { limits } from "@tether/protocol/limits";
import type { Clock } from "./clock/clock.ts";
import type { Quiet } from "./clock/quiet.ts";

type Env = Omit<Parameters<typeof sweep>[0], "clock"> & { clock: Clock; log: Log };

/** Runs the sweeper every minute, one at a time, as the schedule does in the cloud. */
export function sweepEvery(env: Env, quiet?: Quiet): { stop(): void } {
  let cancel = arm();

  function arm(): () => void {
    return env.clock.after(limits.sweep.everyMs, () => {
      const done = quiet?.begin("sweep");
      void run().finally(() => {
        cancel = arm();
        done?.();
      });
    });
  }

  async function run(): Promise<void> {
    await invoke(env, "sweep", async (line) => {
      const { done, ...counts } = await sweep(env);
      Object.assign(line, counts, done);
      return undefined;
    }).catch(() => undefined);
  }

  return { stop: () => cancel() };
}
