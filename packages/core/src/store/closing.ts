import type { Actor } from "@tether/protocol/actor";
import type { Cause } from "@tether/protocol/cause";
import type { Evidence } from "@tether/protocol/timeline";
import { CustomAttributeType, Entity } from "electrodb";
import type { EndedSession } from "./ended-session.ts";
import { indexes, key, required, requiredValue, service, value } from "./entity.ts";

/**
 * A connection that no session holds any more, still to be told why and closed. Written with the transition that took
 * the session from it, and deleted once it is closed and the peers of a session that ended were told, so that the sweeper finds what
 * was left halfway.
 */
export const closing = () =>
  new Entity({
    model: { service, entity: "closing", version: "1" },
    attributes: {
      connectionId: required.string,
      sessionId: required.string,
      cause: { type: CustomAttributeType<Cause>("string"), required: true },
      actor: requiredValue<Actor>(),
      inferred: { type: "boolean", required: true },
      evidence: value<Evidence>(),
      ended: value<EndedSession>(),
      dueAt: required.number,
      shard: required.string,
    },
    indexes: {
      primary: { pk: key("pk", ["connectionId"]), sk: key("sk", []) },
      due: { collection: "due", type: "clustered", index: indexes.due, pk: key("gsi2pk", ["shard"]), sk: key("gsi2sk", ["dueAt"]) },
    },
  });
