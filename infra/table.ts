import { table as shape } from "../packages/core/src/store/table.ts";
import { isProduction } from "./stage.ts";

const keys = [shape.key, ...shape.indexes];

export const table = new sst.aws.Dynamo("Table", {
  fields: Object.fromEntries(keys.flatMap(({ hash, range }) => [hash, range]).map((field) => [field, "string" as const])),
  primaryIndex: { hashKey: shape.key.hash, rangeKey: shape.key.range },
  globalIndexes: Object.fromEntries(shape.indexes.map(({ name, hash, range }) => [name, { hashKey: hash, rangeKey: range }])),
  ttl: shape.ttl,
  deletionProtection: isProduction,
  transform: {
    table(args, options) {
      args.pointInTimeRecovery = { enabled: true };
      options.retainOnDelete = isProduction;
    },
  },
});
