export { type Admits, isHeld } from "./admission.ts";
export { checkPresence, type Presences } from "./presence.ts";
export { createStrays } from "./strays.ts";
export { type Part, type Swept, sweep } from "./sweep.ts";
