import { Entity } from "electrodb";
import { key, required, service } from "./entity.ts";

/** When the service was last seen to give no tickets. Nothing where it never was. */
export const lastRefusal = () =>
  new Entity({
    model: { service, entity: "lastRefusal", version: "1" },
    attributes: { at: required.number },
    indexes: { primary: { pk: key("pk", []), sk: key("sk", []) } },
  });
