import { table as shape } from "../packages/core/src/store/table.ts";
import { setting } from "./setting.ts";
import { isProduction } from "./stage.ts";

const keys = [shape.key, ...shape.indexes];

/** A herd is faster than the table grows by itself. The reads are those that a new table takes anyhow, or as many as the writes. */
const warm = setting.warmWrites && { writeUnitsPerSecond: setting.warmWrites, readUnitsPerSecond: Math.max(12_000, setting.warmWrites) };

export const table = new sst.aws.Dynamo("Table", {
  fields: Object.fromEntries(keys.flatMap(({ hash, range }) => [hash, range]).map((field) => [field, "string" as const])),
  primaryIndex: { hashKey: shape.key.hash, rangeKey: shape.key.range },
  globalIndexes: Object.fromEntries(
    shape.indexes.map(({ name, hash, range, holds }) => [name, { hashKey: hash, rangeKey: range, projection: holds }]),
  ),
  ttl: shape.ttl,
  deletionProtection: isProduction,
  transform: {
    table(args, options) {
      args.pointInTimeRecovery = { enabled: true };
      if (warm) {
        args.warmThroughput = warm;
        args.globalSecondaryIndexes = $output(args.globalSecondaryIndexes ?? []).apply((all) =>
          all.map((index) => (index.name === shape.due ? { ...index, warmThroughput: warm } : index)),
        );
      }
      options.retainOnDelete = isProduction;
    },
  },
});
