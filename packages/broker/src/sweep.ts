import { invoke, type Log } from "@tether/aws/invocation";
import { sweep } from "@tether/core/sweep";

type Env = Parameters<typeof sweep>[0] & { readonly log: Log };

/** One run of the sweeper. Where it could not look at all that is due, the rest is the next run's, and its line says so. */
export function createSweep(env: Env) {
  return (): Promise<void> =>
    invoke(env, "sweep", async (line) => {
      const { done, ...swept } = await sweep(env);
      Object.assign(line, swept, done, swept.unread > 0 && { outcome: "unavailable" });
    });
}
