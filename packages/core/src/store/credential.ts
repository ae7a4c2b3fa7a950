import type { PublicKey } from "@tether/protocol/http";
import { Entity } from "electrodb";
import { key, required, requiredValue, service } from "./entity.ts";

export const credential = () =>
  new Entity({
    model: { service, entity: "credential", version: "1" },
    attributes: {
      robotId: required.string,
      kid: required.string,
      state: { type: ["pending", "active", "retiring", "retired", "revoked"] as const, required: true },
      publicKey: requiredValue<PublicKey>(),
      registeredAt: required.number,
      registeredBy: required.string,
      activatedAt: { type: "number" },
      provedAt: { type: "number" },
      instance: { type: "string" },
      retiresAt: { type: "number" },
      /** The key it takes over from, and that key's word for it: of two pending keys only the newest is its successor. */
      replaces: { type: "string" },
      successor: { type: "string" },
      retireNow: { type: "boolean" },
    },
    indexes: { primary: { collection: "identity", pk: key("pk", ["robotId"]), sk: key("sk", ["kid"]) } },
  });
