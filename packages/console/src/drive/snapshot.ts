import type { Declaration } from "@tether/sdk/client";
import type { SeenCamera, SeenSound, Speaker } from "@tether/sdk/peer/cameras";
import { type Facts, nothing } from "./facts.ts";

/** The drive page's state: the facts, the peer connection, and its picture. */
export type Snapshot = Facts & {
  readonly pc: RTCPeerConnection | undefined;
  /** The picture that one drives by. */
  readonly picture: MediaStream | undefined;
  /** The robot's declaration of itself, if it made one. */
  readonly declaration: Declaration | undefined;
  /** The cameras of a robot that tells of them, the one that one drives by first. */
  readonly cameras: readonly SeenCamera<MediaStream>[];
  /** The sound of a robot that has one. */
  readonly sound: SeenSound<MediaStream> | undefined;
  /** The speaker of a robot that has one. */
  readonly speaker: Speaker | undefined;
};

/** Nothing of the robot is seen or heard. */
export const unseen = { picture: undefined, cameras: [], sound: undefined, speaker: undefined } as const;

export const initialSnapshot: Snapshot = {
  ...nothing,
  ...unseen,
  pc: undefined,
  declaration: undefined,
};
