import type { ControlPolicy } from "@tether/protocol/control";
import type { Grace, Presence } from "@tether/protocol/http";
import { Entity } from "electrodb";
import { indexes, key, required, service, value } from "./entity.ts";

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
      /** The stop in force, by the robot's own word. */
      stop: value<NonNullable<Presence["stop"]>>(),
      /** The cell that the robot is moving to, or moved to: what is about it is decided there. */
      movedTo: { type: "string" },
    },
    indexes: {
      primary: { collection: "identity", pk: key("pk", ["robotId"]), sk: key("sk", []) },
      // All robots, for admins. One partition is enough: a robot is written to when it is made or an owner changes it, and never by its
      // coming and going, and a page of 50 is a Query of a few read units, of which a partition has 3,000 a second.
      every: { index: indexes.byUser, pk: key("gsi1pk", []), sk: key("gsi1sk", ["robotId"]) },
    },
  });
