import type { RobotId, SessionId } from "@tether/protocol/id";
import type { Ending } from "./ending.ts";

/** A session that ended, as its peers are told of it. */
export type EndedSession = {
  readonly robotId: RobotId;
  readonly sessionId: SessionId;
  readonly kind: "robot" | "client";
  readonly epoch: number;
  readonly ending: Ending;
};
