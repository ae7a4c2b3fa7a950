import { roles } from "@tether/protocol/role";
import { Entity } from "electrodb";
import { indexes, key, required, service } from "./entity.ts";

export const grant = () =>
  new Entity({
    model: { service, entity: "grant", version: "1" },
    attributes: {
      robotId: required.string,
      /** `sub:…` or `email:…`. */
      to: required.string,
      role: { type: roles, required: true },
      givenAt: required.number,
      givenBy: required.string,
    },
    indexes: {
      primary: { pk: key("pk", ["robotId"]), sk: key("sk", ["to"]) },
      byUser: { index: indexes.byUser, pk: key("gsi1pk", ["to"]), sk: key("gsi1sk", ["robotId"]) },
    },
  });
