import { Entity } from "electrodb";
import { key, required, service } from "./entity.ts";

/**
 * The cell that a robot is in, for one that was ever moved: a robot without one is in the home cell. Kept in the home cell's table alone.
 * While it moves, only `run` may write, and until `runUntil` alone.
 */
export const robotLocation = () =>
  new Entity({
    // The name that items in tables have.
    model: { service, entity: "robotPlace", version: "1" },
    attributes: {
      robotId: required.string,
      cell: required.string,
      movingTo: { type: "string" },
      /** The cell it came from, while a part of its history is still there. */
      cameFrom: { type: "string" },
      run: { type: "string" },
      runUntil: { type: "number" },
    },
    indexes: { primary: { pk: key("pk", ["robotId"]), sk: key("sk", []) } },
  });
