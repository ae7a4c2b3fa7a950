import { Entity } from "electrodb";
import type { Ending } from "./ending.ts";
import { key, required, requiredValue, service } from "./entity.ts";

/**
 * How a robot's last session ended, written with its record: of the many in a robot's history that one is not to be had by key.
 * `ttl` (s) frees it with the history.
 */
export const lastSession = () =>
  new Entity({
    model: { service, entity: "lastSession", version: "1" },
    attributes: { robotId: required.string, endedAt: required.number, ending: requiredValue<Ending>(), ttl: required.number },
    indexes: { primary: { pk: key("pk", ["robotId"]), sk: key("sk", []) } },
  });
