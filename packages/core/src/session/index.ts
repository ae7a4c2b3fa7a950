export { disconnect } from "./disconnect.ts";
export { end, leave } from "./end.ts";
export { greet } from "./greet.ts";
export { list } from "./history.ts";
export { endingOf } from "./inference.ts";
export { listLive } from "./read.ts";
export { type Relayed, relay } from "./relay.ts";
export { renew } from "./renew.ts";
export type { Ending, Identity, Session } from "./session.ts";
