export type { Joins } from "../control/channel.ts";
export type { ChannelLike } from "../rtc/channel.ts";
export type {
  CandidateLike,
  ChannelOptions,
  ConfigurationLike,
  DescriptionLike,
  PeerConnectionEvents,
  PeerConnectionLike,
} from "../rtc/peer-connection.ts";
export { type CameraPeer, type Cameras, followCameras, type Recording, type SeenCamera, type SeenSound, type Speaker } from "./cameras.ts";
export type { PeerConnection, PeerConnectionOptions } from "./connection.ts";
export { type FollowOptions, follow } from "./follow.ts";
