import type { Actor } from "@tether/protocol/actor";
import type { Cause } from "@tether/protocol/cause";
import type { Evidence, TimelineType } from "@tether/protocol/timeline";

/** The entry that a transition adds to the timeline. Without an actor of its own, the session's principal acted. */
export type Entry = {
  readonly type: TimelineType;
  readonly epoch?: number;
  readonly cause?: Cause;
  readonly actor?: Actor;
  readonly inferred: boolean;
  readonly evidence?: Evidence;
};
