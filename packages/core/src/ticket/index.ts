export { Claims } from "./claims.ts";
export { forClient } from "./client.ts";
export type { Issued } from "./issue.ts";
export { type Key, type KeyRing, parseKeyRing } from "./key-ring.ts";
export { redeem } from "./redeem.ts";
export { renew } from "./renew.ts";
export { type Asserted, forRobot, type IssuedToRobot } from "./robot.ts";
export { seal, unseal } from "./seal.ts";
export { takePlace } from "./take-place.ts";
