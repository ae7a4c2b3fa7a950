import { invoke, type Log } from "@tether/aws/invocation";
import { sweep } from "@tether/core/sweep";
import { limits } from "@tether/protocol/limits";
import type { Clock } from "./clock/clock.ts";
import type { Quiet } from "./clock/quiet.ts";

type Env = Omit<Parameters<typeof sweep>[0], "clock"> & { clock: Clock; log: Log };

type Around = { readonly quiet?: Quiet; readonly live: <T>(work: () => Promise<T>) => Promise<T> };

/** Runs the sweeper every minute, one at a time, as the schedule does in the cloud. */
export function sweepEvery(env: Env, { quiet, live }: Around): { stop(): void } {
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
    const once = () =>
      invoke(env, "sweep", async (line) => {
        const { done, ...counts } = await sweep(env);
        Object.assign(line, counts, done);
        return undefined;
      });
    await live(once).catch(() => undefined);
  }

  return { stop: () => cancel() };
}
