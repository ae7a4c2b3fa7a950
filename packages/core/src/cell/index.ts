export { hasLeft, home, type Place, placeOf } from "./directory.ts";
export { moved } from "./disconnect.ts";
export { type Moved, type MoveEnv, move } from "./move.ts";
