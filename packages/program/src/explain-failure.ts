import type { Platform } from "@tether/sdk/platform";
import { captivity, isCaptive, type Unreachable, whyUnreachable } from "./network.ts";

type Env = Pick<Platform, "fetch" | "clock"> & {
  /** Whether requests to an address go by way of a proxy. */
  readonly isProxied?: (url: string) => boolean;
  /** Called with each answer that has a `Date`: how far the server's clock is ahead of this machine's. */
  readonly onClock?: (aheadMs: number) => void;
};

/** The error with which this `fetch` rejects. The SDK and the programs show its `reason`. */
export class UnreachableError extends Error {
  readonly reason: Unreachable;
  constructor(reason: Unreachable, cause?: unknown) {
    super(reason.says, { cause });
    this.reason = reason;
  }
}

/** A `fetch` that says why it had no answer, and what the answers say of this machine's clock. */
export function explainFailures({ fetch, clock, isProxied = () => false, onClock = () => {} }: Env): Platform["fetch"] {
  return async (url, init) => {
    let answer: Response;
    try {
      answer = await fetch(url, init);
    } catch (error) {
      throw new UnreachableError(whyUnreachable(error, { url, now: clock.now(), proxied: isProxied(url) }), error);
    }
    if (isCaptive(answer)) throw new UnreachableError(captivity(url));
    const date = Date.parse(answer.headers.get("date") ?? "");
    if (Number.isFinite(date)) onClock(date - clock.now());
    return answer;
  };
}
