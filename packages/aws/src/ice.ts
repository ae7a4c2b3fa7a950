import { type IceProvider, parseIce } from "@tether/core/ice";
import type { Log } from "./invocation.ts";

/** The provider that a setting describes. What it recovers from is a line of its own: it may serve many invocations at once. */
export function createIce(setting: string, { fetch = globalThis.fetch, log }: { fetch?: typeof globalThis.fetch; log: Log }): IceProvider {
  return parseIce(setting, { fetch, warn: (reason) => log({ level: "warn", event: "ice.unavailable", reason }) });
}
