import type { RequestTime } from "../clock/request-time.ts";
import type { Faults } from "../fault/faults.ts";
import { createRate } from "./rate.ts";

/**
 * The quotas that an account shares in a Region. All APIs take from one bucket of requests, `@connections` included, and all functions from one
 * number of environments: docs.aws.amazon.com/apigateway/latest/developerguide/limits.html, lambda/latest/dg/lambda-concurrency.html
 */
export interface Account {
  /** Whether one more request to an API is taken. */
  admits(): boolean;
  /** Lets a function run, until what is returned is called; nothing where all environments are taken. */
  enter(): (() => void) | undefined;
  /** Runs a function that nobody waits for. Where no environment is free Lambda tries again for a minute at most; by then there is the next. */
  run(work: () => Promise<void>): Promise<void>;
}

export function createAccount({ time, faults }: { time: Pick<RequestTime, "now">; faults: Pick<Faults, "find" | "note"> }): Account {
  let bucket: { readonly of: object; take(): boolean } | undefined;
  let running = 0;

  function enter(): (() => void) | undefined {
    const { atOnce = Number.POSITIVE_INFINITY } = faults.find("lambda.concurrency") ?? {};
    if (running >= atOnce) {
      faults.note("lambda.concurrency");
      return undefined;
    }
    running++;
    return () => running--;
  }

  return {
    enter,
    async run(work) {
      const leave = enter();
      await (leave && work().finally(leave));
    },
    admits() {
      const of = faults.find("account.requests");
      if (!of) return true;
      if (bucket?.of !== of) bucket = { of, ...createRate({ clock: time, perSecond: of.perSecond, burst: of.burst }) };
      return bucket.take() || !faults.note("account.requests");
    },
  };
}
