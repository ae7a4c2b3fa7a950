/** All that runs on this machine logs the way the handlers do. */
export type { Log } from "@tether/aws/invocation";
