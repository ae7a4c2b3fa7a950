export type { PeerConnection, PeerConnectionOptions } from "./connection.ts";
export { type FollowOptions, follow } from "./follow.ts";
