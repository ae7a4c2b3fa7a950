import { Entity } from "electrodb";
import { key, required, service } from "./entity.ts";

/** A robot's assertion that was taken, `by` one request; `ttl` (s) frees it long after the assertion is over. */
export const usedAssertion = () =>
  new Entity({
    model: { service, entity: "usedAssertion", version: "1" },
    attributes: { robotId: required.string, jti: required.string, by: { type: "string" }, ttl: required.number },
    indexes: { primary: { pk: key("pk", ["robotId"]), sk: key("sk", ["jti"]) } },
  });
