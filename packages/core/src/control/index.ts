export { deny, give } from "./answer.ts";
export { type ControlKey, type ControlKeys, parseControlKeys } from "./key-ring.ts";
export { release } from "./release.ts";
export { renew } from "./renew.ts";
export { request } from "./request.ts";
export { stop, stopBy } from "./stop.ts";
export { reportStop } from "./stop-report.ts";
export { take } from "./take.ts";
