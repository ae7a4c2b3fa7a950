import type { Platform } from "@tether/sdk/platform";
import { captivity, isCaptive, type Unreachable, whyUnreachable } from "./network.ts";

type Env = Pick<Platform, "fetch" | "clock"> & {
  /** Whether requests to an address go by way of a proxy. */
  readonly isProxied?: (url: string) => boolean;
  /** Told how far the clock of whoever answered is ahead of this machine's, with each answer that says so. */
  readonly heard?: (aheadMs: number) => void;
};

/** What `fetch` rejects with here: `reason` is what the SDK and people are told. */
export class UnreachableError extends Error {
  readonly reason: Unreachable;
  constructor(reason: Unreachable, cause?: unknown) {
    super(reason.says, { cause });
    this.reason = reason;
  }
}

/** A `fetch` that says why it had no answer, and what the answers say of this machine's clock. */
export function explained({ fetch, clock, isProxied = () => false, heard = () => {} }: Env): Platform["fetch"] {
  return async (url, init) => {
    let answer: Response;
    try {
      answer = await fetch(url, init);
    } catch (error) {
      throw new UnreachableError(whyUnreachable(error, { url, now: clock.now(), proxied: isProxied(url) }), error);
    }
    if (isCaptive(answer)) throw new UnreachableError(captivity(url));
    const date = Date.parse(answer.headers.get("date") ?? "");
    if (Number.isFinite(date)) heard(date - clock.now());
    return answer;
  };
}
