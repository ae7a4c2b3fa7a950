export { hasLeft, home, locationOf, type RobotLocation } from "./directory.ts";
export { moved } from "./disconnect.ts";
export { type Moved, type MoveEnv, move } from "./move.ts";
