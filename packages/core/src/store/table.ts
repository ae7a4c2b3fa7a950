import { indexes } from "./entity.ts";

/** The table's shape, from which `infra/` and the local runtime make it. All keys are strings. */
export const table = {
  key: { hash: "pk", range: "sk" },
  indexes: [
    { name: indexes.byUser, hash: "gsi1pk", range: "gsi1sk" },
    { name: indexes.due, hash: "gsi2pk", range: "gsi2sk" },
  ],
  /** The index that is written to by every coming and going. */
  due: indexes.due,
  ttl: "ttl",
} as const;
