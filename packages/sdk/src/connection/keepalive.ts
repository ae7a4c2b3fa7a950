import type { ToBroker } from "@tether/protocol/frame";
import { limits } from "@tether/protocol/limits";
import type { Platform } from "../platform.ts";
import type { PathSilence } from "./path-silence.ts";

/** A timer this late means that the machine slept. Browsers hold back a hidden page's timers for a minute at most. */
export const sleptMs = 90_000;

type Env = Pick<Platform, "clock" | "random"> & {
  /** True where the socket sends pings of its own. */
  readonly pings: boolean;
  readonly path: Pick<PathSilence, "within">;
  readonly send: (frame: ToBroker) => void;
  readonly slept: () => void;
};

/** Sends a keepalive every 4 min ± 10 % (8.8 min ± 2 % where the socket pings), or sooner where the path bears less silence, until stopped, and notices that time jumped. E4, E12 */
export function keepAlive(env: Env): () => void {
  const { clock, random } = env;
  const { everyMs, jitter } = env.pings ? limits.keepalive.pinging : limits.keepalive;
  let stop = () => {};
  function arm(): void {
    const ms = env.path.within(everyMs) * (1 + (random.fraction() * 2 - 1) * jitter);
    const dueAt = clock.now() + ms;
    stop = clock.after(ms, () => {
      arm();
      env.send({ type: "ping" });
      if (clock.now() - dueAt > sleptMs) env.slept();
    });
  }
  arm();
  return () => stop();
}
