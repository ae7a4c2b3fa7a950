import { limits } from "@tether/protocol/limits";
import type { Clock } from "../clock/clock.ts";
import type { Quiet } from "../clock/quiet.ts";
import type { Account } from "./account.ts";
import type { Route } from "./event.ts";
import type { Log } from "./log.ts";

export type Outcome<Result> =
  | { is: "returned"; value: Result }
  | { is: "threw"; error: unknown }
  | { is: "timed out" }
  /** No environment was free: it did not run. */
  | { is: "throttled" };

/** An invocation of an integration that is over, as far as the gateway is concerned. */
export type Invocation = { route: Route; connectionId: string; ms: number; ok: boolean };

export type Invoke = <Result>(route: Route, connectionId: string, run: () => Promise<Result>) => Promise<Outcome<Result>>;

/** Runs handlers the way Lambda does: at once, beside each other, and on to their end even when the gateway has given up. */
export function createInvoke(env: {
  clock: Clock;
  quiet?: Quiet | undefined;
  log: Log;
  account?: Pick<Account, "enter"> | undefined;
  onInvoke?: ((invocation: Invocation) => void) | undefined;
}): Invoke {
  return (route, connectionId, run) => {
    const { clock, log } = env;
    const startedAt = clock.now();
    const leave = env.account ? env.account.enter() : () => {};
    if (!leave) {
      log({ level: "error", event: "handler throttled", route, connectionId, ms: 0 });
      return Promise.resolve({ is: "throttled" });
    }
    const end = env.quiet?.begin(`handler ${route} of ${connectionId}`);

    return new Promise((resolve) => {
      let over = false;
      const settle = (outcome: Parameters<typeof resolve>[0] & { is: string }) => {
        if (over) return;
        over = true;
        cancel();
        const ms = clock.now() - startedAt;
        env.onInvoke?.({ route, connectionId, ms, ok: outcome.is === "returned" });
        if (outcome.is !== "returned") log({ level: "error", event: `handler ${outcome.is}`, route, connectionId, ms });
        resolve(outcome);
      };
      const cancel = clock.after(limits.gateway.integrationMs, () => settle({ is: "timed out" }));
      // Started in a promise, so that a handler that throws before its first await is not our failure.
      Promise.resolve()
        .then(run)
        .then(
          (value) => settle({ is: "returned", value }),
          (error: unknown) => settle({ is: "threw", error }),
        )
        .finally(() => {
          leave();
          end?.();
        });
    });
  };
}
