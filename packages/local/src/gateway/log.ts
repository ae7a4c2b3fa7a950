import type { Log } from "@tether/aws/invocation";

/** Everything that runs on this machine logs in the way of the handlers. */
export type { Log };

export type LogLine = Parameters<Log>[0];
