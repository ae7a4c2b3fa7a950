import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import type { EntityItem } from "electrodb";
import type { controlLease } from "./control-lease.ts";
import type { session } from "./session.ts";

type Entities = { readonly session: ReturnType<typeof session>; readonly controlLease: ReturnType<typeof controlLease> };

/** The items of a robot's live collection. */
export type LiveItems = {
  readonly session: readonly EntityItem<Entities["session"]>[];
  readonly controlLease: readonly EntityItem<Entities["controlLease"]>[];
};

type Kind = keyof LiveItems;
type Item = Record<string, unknown>;
type Query = (robotId: string) => QueryCommandInput;

/**
 * Reads a robot's live collection; `write` is ElectroDB's own Query for it. Every frame that is relayed comes by here, and ElectroDB takes
 * longer to write the Query and to format what it found than all else of ours. But for the robot the Query is always the same, so
 * it is written once; and attributes of these entities have neither getters nor other names in the table, so they are only picked.
 */
export function createLiveRead(client: DynamoDBDocumentClient, { session, controlLease }: Entities, write: Query) {
  /** The attributes that ElectroDB takes from an item: without the keys, and without those of a newer version. */
  const attributes: { readonly [K in Kind]: readonly string[] } = {
    session: Object.keys(session.schema.attributes),
    controlLease: Object.keys(controlLease.schema.attributes),
  };
  let written: Query | undefined;
  return async (robotId: string, read: "consistent" | "stale"): Promise<LiveItems> => {
    written ??= once(write);
    const query = { ...written(robotId), ...(read === "consistent" && { ConsistentRead: true }) };
    const found: { readonly [K in Kind]: Item[] } = { session: [], controlLease: [] };
    let from: QueryCommandInput["ExclusiveStartKey"];
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand({ ...query, ...(from && { ExclusiveStartKey: from }) }));
      for (const item of Items) {
        // The Query lets nothing else pass.
        const kind = item.__edb_e__ as Kind;
        found[kind].push(pick(item, attributes[kind]));
      }
      from = LastEvaluatedKey;
    } while (from);
    return found as object as LiveItems;
  };
}

/** As `write` does it, but asks it once, of a robot that there is not. */
function once(write: Query): Query {
  const { ExpressionAttributeValues: values, ...query } = write("?");
  const { start } = /^(?<start>.*)\?$/.exec(String(values?.[":pk"]))?.groups ?? {};
  if (start === undefined) throw new Error("the key of a live collection does not end in its robot");
  return (robotId) => ({ ...query, ExpressionAttributeValues: { ...values, ":pk": start + robotId } });
}

function pick(item: Item, names: readonly string[]): Item {
  const picked: Item = {};
  for (const name of names) if (name in item) picked[name] = item[name];
  return picked;
}
