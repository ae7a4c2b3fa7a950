import type { Log } from "@tether/aws/invocation";

/** All that runs on this machine logs the way the handlers do. */
export type { Log };

export type LogLine = Parameters<Log>[0];
