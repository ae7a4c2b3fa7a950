import { Entity } from "electrodb";
import { key, required, service } from "./entity.ts";

export const robot = new Entity({
  model: { service, entity: "robot", version: "1" },
  attributes: {
    robotId: required.string,
    name: required.string,
    createdAt: required.number,
    createdBy: required.string,
    /** The hash of its one open enrollment code. */
    codeHash: { type: "string" },
  },
  indexes: { primary: { collection: "identity", pk: key("pk", ["robotId"]), sk: key("sk", []) } },
});
