import type { Clock } from "@tether/core/clock";
import { createBuckets } from "@tether/core/rate";
import type { Identity } from "@tether/core/session";
import type { ToBroker } from "@tether/protocol/frame";
import { limits } from "@tether/protocol/limits";

/** `over`: refuse the frame. `flooded`: close its connection. `closing`: that was ordered already, and the frame is of what was on its way. */
export type Measure = "within" | "over" | "flooded" | "closing";

const { client, robot, refusals, connections } = limits.rate.frame;

/** Counts the frames of each connection, as this instance of the broker sees them. A stop is never one too many. */
export function createFrameLimit(clock: Clock) {
  const sent = { client: createBuckets(clock, client, connections), robot: createBuckets(clock, robot, connections) };
  const refused = createBuckets(clock, refusals, connections);
  const closed = createBuckets(clock, { burst: 1, everyMs: limits.gateway.connectionLifeMs }, connections);

  return ({ kind, connection: { id } }: Identity, type: ToBroker["type"] | undefined): Measure => {
    if (type === "stop" || sent[kind].take(id) === 0) return "within";
    if (refused.take(id) === 0) return "over";
    return closed.take(id) === 0 ? "flooded" : "closing";
  };
}
