import type { Ping } from "@tether/protocol/frame/leave";
import type { On } from "./handler.ts";

/** The gateway answers `ping` itself, without an invocation; one that gets here changes nothing. */
export const onPing: On<Ping> = async () => ({});
