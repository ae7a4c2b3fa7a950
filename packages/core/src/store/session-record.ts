import { Entity } from "electrodb";
import type { Ending } from "./ending.ts";
import { key, required, requiredValue, service } from "./entity.ts";
import type { Principal } from "./principal.ts";

/** An ended session. `ttl` (s) frees it after the time history is kept. */
export const sessionRecord = () =>
  new Entity({
    model: { service, entity: "sessionRecord", version: "1" },
    attributes: {
      robotId: required.string,
      sessionId: required.string,
      /** The session id's ULID: records of both kinds sort by when their session began. */
      began: required.string,
      kind: { type: ["robot", "client"] as const, required: true },
      epoch: required.number,
      principal: requiredValue<Principal>(),
      authExpiresAt: required.number,
      startedAt: required.number,
      endedAt: required.number,
      ending: requiredValue<Ending>(),
      ttl: required.number,
    },
    indexes: { primary: { pk: key("pk", ["robotId"]), sk: key("sk", ["began"]) } },
  });

/** A record's key, which its session's id gives. */
export function recordKey({ robotId, sessionId }: { robotId: string; sessionId: string }): { robotId: string; began: string } {
  return { robotId, began: sessionId.slice(sessionId.indexOf("_") + 1) };
}
