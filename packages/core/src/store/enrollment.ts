import { Entity } from "electrodb";
import { key, required, service } from "./entity.ts";

/** A one-time code, found by its SHA-256 and kept as nothing else. `ttl` (s) frees it some time after it is over. */
export const enrollment = () =>
  new Entity({
    model: { service, entity: "enrollment", version: "1" },
    attributes: {
      codeHash: required.string,
      robotId: required.string,
      createdBy: required.string,
      expiresAt: required.number,
      /** The key it was redeemed with. */
      usedBy: { type: "string" },
      ttl: required.number,
    },
    indexes: { primary: { pk: key("pk", ["codeHash"]), sk: key("sk", []) } },
  });
