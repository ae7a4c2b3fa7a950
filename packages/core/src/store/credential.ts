import type { PublicKey } from "@tether/protocol/http";
import { Entity } from "electrodb";
import { key, required, requiredValue, service } from "./entity.ts";

export const credential = new Entity({
  model: { service, entity: "credential", version: "1" },
  attributes: {
    robotId: required.string,
    kid: required.string,
    state: { type: ["pending", "active", "retiring", "retired", "revoked"] as const, required: true },
    publicKey: requiredValue<PublicKey>(),
    registeredAt: required.number,
    registeredBy: required.string,
  },
  indexes: { primary: { collection: "identity", pk: key("pk", ["robotId"]), sk: key("sk", ["kid"]) } },
});
