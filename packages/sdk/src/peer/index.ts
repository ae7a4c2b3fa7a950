export type { ChannelLike, Joins } from "../control/channel.ts";
export type { PeerConnection, PeerConnectionOptions } from "./connection.ts";
export { type FollowOptions, follow } from "./follow.ts";
export type {
  CandidateLike,
  ChannelOptions,
  ConfigurationLike,
  DescriptionLike,
  PeerConnectionEvents,
  PeerConnectionLike,
} from "./rtc.ts";
