import type { ControlPolicy } from "@tether/protocol/control";
import { Entity } from "electrodb";
import { indexes, key, required, service, value } from "./entity.ts";
import type { Asked, Holder } from "./holder.ts";
import type { UndeliveredNotice } from "./undelivered-notice.ts";

/** A robot's control lease. It lies among the live sessions, so that one Query reads both; while free it is in no index, unless a notice of it is undelivered. */
export const controlLease = () =>
  new Entity({
    model: { service, entity: "controlLease", version: "1" },
    attributes: {
      robotId: required.string,
      /** Without it only the policy was ever set. */
      state: { type: ["free", "held", "kept"] as const },
      version: { type: "number" },
      epoch: { type: "number" },
      policy: value<ControlPolicy>(),
      holder: value<Holder>(),
      expiresAt: { type: "number" },
      keptUntil: { type: "number" },
      asked: value<readonly Asked[]>(),
      undelivered: value<UndeliveredNotice>(),
      dueAt: { type: "number" },
      shard: { type: "string" },
    },
    indexes: {
      primary: { collection: "live", pk: key("pk", ["robotId"]), sk: key("sk", []) },
      due: {
        collection: "due",
        type: "clustered",
        index: indexes.due,
        condition: ({ dueAt }) => dueAt !== undefined,
        pk: key("gsi2pk", ["shard"]),
        sk: key("gsi2sk", ["dueAt"]),
      },
    },
  });
