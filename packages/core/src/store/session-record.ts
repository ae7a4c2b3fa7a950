import { Entity } from "electrodb";
import type { Ending, Principal } from "../session/session.ts";
import { key, required, requiredValue, service } from "./entity.ts";

/** An ended session. `ttl` (s) frees it after the time history is kept. */
export const sessionRecord = new Entity({
  model: { service, entity: "sessionRecord", version: "1" },
  attributes: {
    robotId: required.string,
    sessionId: required.string,
    kind: { type: ["robot", "client"] as const, required: true },
    epoch: required.number,
    principal: requiredValue<Principal>(),
    authExpiresAt: required.number,
    startedAt: required.number,
    endedAt: required.number,
    ending: requiredValue<Ending>(),
    ttl: required.number,
  },
  indexes: { primary: { pk: key("pk", ["robotId"]), sk: key("sk", ["sessionId"]) } },
});
