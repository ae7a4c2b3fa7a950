import { invoke, type Line, type Log, observe } from "@tether/aws/invocation";
import type { Metric } from "@tether/aws/metric";
import { checkPresence, createStrays, type Part, sweep } from "@tether/core/sweep";

type Env = Parameters<typeof sweep>[0] & {
  readonly log: Log;
  readonly namespace?: string | undefined;
  readonly counted?: ReadonlySet<Metric> | undefined;
  /** Leaves out the lines of runs that found nothing, but one in an hour. */
  readonly mutesIdle?: boolean | undefined;
};

const hourMs = 3_600_000;

/** Lets the first run of an instance and one in an hour speak, and every run that did something: a line a minute would cost as much as the look itself. */
function muteWhileIdle({ clock, mutesIdle = false }: Env, isIdle: (line: Line) => boolean): (line: Line) => boolean {
  let saidIn: number | undefined;
  return (line) => {
    const hour = Math.floor(clock.now() / hourMs);
    if (mutesIdle && isIdle(line) && saidIn === hour) return true;
    saidIn = hour;
    return false;
  };
}

/** A run of the sweeper. Where it could not look at all that is due, the rest is the next run's, and its line says so. */
export function createSweep(env: Env) {
  const isMute = muteWhileIdle(env, ({ due, unread }) => due === 0 && unread === 0);
  const findStrays = createStrays(env);
  return (part: Pick<Part, "group" | "groups"> = {}): Promise<void> =>
    invoke(
      env,
      "sweep",
      async (line) => {
        const { done, ...swept } = await sweep(env, { ...part, strays: part.group ? [] : await findStrays() });
        // While nothing is due there is nothing to be late with, and a metric that is told every minute costs its price.
        if (swept.due > 0) {
          observe("SweepBacklog", swept.backlog);
          observe("SweepLag", swept.lagMs);
        }
        Object.assign(line, part, swept, done, swept.unread > 0 && { outcome: "unavailable" });
      },
      isMute,
    );
}

/** A run of the presence checks. */
export function createPresence(env: Env) {
  const isMute = muteWhileIdle(env, ({ sessions }) => sessions === 0);
  let lastAt: number | undefined;
  return (): Promise<void> =>
    invoke(
      env,
      "presence",
      async (line) => {
        const began = env.clock.now();
        const { done, ...checked } = await checkPresence(env, { lastAt });
        lastAt = began;
        Object.assign(line, checked, done);
      },
      isMute,
    );
}
