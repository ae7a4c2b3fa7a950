import type { Clock } from "@tether/core/clock";
import { type Buckets, createBuckets } from "@tether/core/rate";
import { limits } from "@tether/protocol/limits";
import { problem } from "@tether/protocol/problem";
import { type Asked, refuse } from "../answer.ts";

/** The requests that are bounded (A7), and of how many presses of stop others than the robot are told (D20.1). */
export type Rates = { readonly ticket: Buckets; readonly enrollment: Buckets; readonly stopNews: Buckets };

export function createRates(clock: Clock): Rates {
  const { ticket, enrollment, stopNews, principals } = limits.rate;
  return {
    ticket: createBuckets(clock, ticket, principals),
    enrollment: createBuckets(clock, enrollment, principals),
    stopNews: createBuckets(clock, stopNews, principals),
  };
}

/** The refusal of a principal that asks too often, or nothing. */
export function exceeded(c: Asked, buckets: Buckets, principal: string): Response | undefined {
  const waitMs = buckets.take(principal);
  if (waitMs === 0) return undefined;
  return refuse(c, problem("rate.limited"), { "retry-after": String(Math.ceil(waitMs / 1000)) });
}
