import { Entity } from "electrodb";
import { key, required, service } from "./entity.ts";

/** A user's policy for all robots: tokens issued before `revokedBefore` (ms) buy nothing. */
export const accessPolicy = () =>
  new Entity({
    model: { service, entity: "accessPolicy", version: "1" },
    attributes: { userId: required.string, revokedBefore: required.number },
    indexes: { primary: { pk: key("pk", ["userId"]), sk: key("sk", []) } },
  });
