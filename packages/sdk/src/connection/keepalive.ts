import type { ToBroker } from "@tether/protocol/frame";
import { limits } from "@tether/protocol/limits";
import type { Platform } from "../platform.ts";

/** A timer this late means that the machine slept. Browsers hold back a hidden page's timers for a minute at most. */
export const sleptMs = 90_000;

type Env = Pick<Platform, "clock" | "random"> & {
  /** True where the socket sends pings of its own. */
  readonly pings: boolean;
  readonly send: (frame: ToBroker) => void;
  readonly slept: () => void;
};

/** Sends a keepalive every 4 min ± 10 % (8 min where the socket pings) until stopped, and notices that time jumped. E4 */
export function keepAlive(env: Env): () => void {
  const { clock, random } = env;
  const { pingingMs, jitter } = limits.keepalive;
  const everyMs = env.pings ? pingingMs : limits.keepalive.everyMs;
  let stop = () => {};
  function arm(): void {
    const ms = everyMs * (1 + (random.fraction() * 2 - 1) * jitter);
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
