import type { Actor } from "@tether/protocol/actor";
import type { Cause } from "@tether/protocol/cause";
import type { Evidence, TimelineType } from "@tether/protocol/timeline";
import { CustomAttributeType, Entity } from "electrodb";
import { key, required, requiredValue, service, value } from "./entity.ts";

/** The user whose session a client's is. */
export type Person = { readonly id: string; readonly name?: string | undefined };

/** An entry of a robot's timeline; ids sort by time. `ttl` (s) frees it after the time history is kept. */
export const timelineEvent = () =>
  new Entity({
    model: { service, entity: "timelineEvent", version: "1" },
    attributes: {
      robotId: required.string,
      eventId: required.string,
      at: required.number,
      type: { type: CustomAttributeType<TimelineType>("string"), required: true },
      sessionId: { type: "string" },
      epoch: { type: "number" },
      cause: { type: CustomAttributeType<Cause>("string") },
      actor: requiredValue<Actor>(),
      user: value<Person>(),
      inferred: { type: "boolean", required: true },
      evidence: value<Evidence>(),
      ttl: required.number,
    },
    indexes: { primary: { pk: key("pk", ["robotId"]), sk: key("sk", ["eventId"]) } },
  });
