import type { ControlPolicy } from "@tether/protocol/control";
import type { Grace } from "@tether/protocol/http";
import { Entity } from "electrodb";
import { key, required, service, value } from "./entity.ts";

export const robot = () =>
  new Entity({
    model: { service, entity: "robot", version: "1" },
    attributes: {
      robotId: required.string,
      name: required.string,
      createdAt: required.number,
      createdBy: required.string,
      /** The hash of its one open enrollment code. */
      codeHash: { type: "string" },
      /** Settings, where an owner said something. */
      control: value<ControlPolicy>(),
      grace: value<Grace>(),
    },
    indexes: { primary: { collection: "identity", pk: key("pk", ["robotId"]), sk: key("sk", []) } },
  });
