import type { Actor } from "@tether/protocol/actor";
import type { RobotId, SessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Ids } from "../id.ts";
import type { Person } from "../store/timeline-event.ts";
import type { Entry } from "./entry.ts";

/** When something kept for the time of history may be freed, in s since the Unix epoch. */
export function forgottenAt(at: number): number {
  return Math.ceil((at + limits.history.keptMs) / 1000);
}

/** The entry as an item of the timeline, to be written in the transaction of what it tells. */
export function toItem(
  env: { ids: Ids },
  entry: Entry & { actor: Actor },
  about: { robotId: RobotId; at: number; sessionId?: SessionId; user?: Person },
) {
  return { ...entry, ...about, eventId: env.ids.next("EventId"), ttl: forgottenAt(about.at) };
}
