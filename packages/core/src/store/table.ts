import { indexes } from "./entity.ts";

/**
 * All that may be asked of the table, by IAM's names: `infra/` grants these and the local runtime refuses anything else. A transaction is
 * permitted by what each of its parts does.
 */
export const permitted = [
  "GetItem",
  "BatchGetItem",
  "Query",
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "BatchWriteItem",
  "ConditionCheckItem",
] as const;

/** The table's shape, from which `infra/` and the local runtime make it. All keys are strings. */
export const table = {
  key: { hash: "pk", range: "sk" },
  indexes: [
    { name: indexes.byUser, hash: "gsi1pk", range: "gsi1sk", holds: "all" },
    { name: indexes.due, hash: "gsi2pk", range: "gsi2sk", holds: "all" },
    { name: indexes.presence, hash: "gsi3pk", range: "gsi3sk", holds: "keys-only" },
  ],
  /** The index that is written to by every coming and going. */
  due: indexes.due,
  ttl: "ttl",
} as const;
