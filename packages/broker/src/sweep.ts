import { invoke, type Log, observe } from "@tether/aws/invocation";
import type { Metric } from "@tether/aws/metric";
import { sweep } from "@tether/core/sweep";

type Env = Parameters<typeof sweep>[0] & {
  readonly log: Log;
  readonly namespace?: string | undefined;
  readonly counted?: ReadonlySet<Metric> | undefined;
};

/** One run of the sweeper. Where it could not look at all that is due, the rest is the next run's, and its line says so. */
export function createSweep(env: Env) {
  return (): Promise<void> =>
    invoke(env, "sweep", async (line) => {
      const { done, ...swept } = await sweep(env);
      // While nothing is due there is nothing to be late with, and a metric that is told every minute costs its price.
      if (swept.due > 0) {
        observe("SweepBacklog", swept.backlog);
        observe("SweepLag", swept.lagMs);
      }
      Object.assign(line, swept, done, swept.unread > 0 && { outcome: "unavailable" });
    });
}
