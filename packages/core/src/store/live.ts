import { type AttributeValue, QueryCommand, type QueryCommandInput, type QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { convertToNative, marshall } from "@aws-sdk/util-dynamodb";
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
/** ElectroDB's Query, with values as they are. */
type Written = Omit<QueryCommandInput, "ExpressionAttributeValues"> & { readonly ExpressionAttributeValues?: Item };
type Query = (robotId: string) => QueryCommandInput;

/**
 * Reads a robot's live collection; `write` is ElectroDB's own Query for it. Every frame that is relayed comes by here, and ElectroDB takes
 * longer to write the Query and to format what it found than all else of ours. But for the robot the Query is always the same, so
 * it is written once; and attributes of these entities have neither getters nor other names in the table, so they are only picked.
 * For the same reason it is a command of the client below the document client, which would translate every key of an item.
 */
export function createLiveRead(client: DynamoDBDocumentClient, { session, controlLease }: Entities, write: (robotId: string) => Written) {
  /** The attributes that ElectroDB takes from an item: without the keys, and without those of a newer version. */
  const attributes: { readonly [K in Kind]: readonly string[] } = {
    session: Object.keys(session.schema.attributes),
    controlLease: Object.keys(controlLease.schema.attributes),
  };
  const send = createSend(client);
  let written: Query | undefined;
  return async (robotId: string, read: "consistent" | "stale"): Promise<LiveItems> => {
    written ??= once(write);
    const query = { ...written(robotId), ...(read === "consistent" && { ConsistentRead: true }) };
    const found: { readonly [K in Kind]: Item[] } = { session: [], controlLease: [] };
    let from: QueryCommandInput["ExclusiveStartKey"];
    do {
      const { Items = [], LastEvaluatedKey } = await send({ ...query, ...(from && { ExclusiveStartKey: from }) });
      for (const item of Items) {
        // The Query lets nothing else pass.
        const kind = item.__edb_e__?.S as Kind;
        found[kind].push(pick(item, attributes[kind]));
      }
      from = LastEvaluatedKey;
    } while (from);
    return found as object as LiveItems;
  };
}

/**
 * Sends Queries by one handler. The SDK makes a handler of its middleware for every command anew, unless `cacheMiddleware` is set on its client,
 * which the document client refuses.
 */
function createSend({ middlewareStack, config }: DynamoDBDocumentClient): (input: QueryCommandInput) => Promise<QueryCommandOutput> {
  let handler: ReturnType<QueryCommand["resolveMiddleware"]> | undefined;
  return async (input) => {
    const command = new QueryCommand(input);
    handler ??= command.resolveMiddleware(middlewareStack, config, undefined);
    return (await handler(command)).output;
  };
}

/** As `write` does it, but asks it once, of a robot that there is not. */
function once(write: (robotId: string) => Written): Query {
  const { ExpressionAttributeValues: values, ...query } = write("?");
  const { start } = /^(?<start>.*)\?$/.exec(String(values?.[":pk"]))?.groups ?? {};
  if (start === undefined) throw new Error("the key of a live collection does not end in its robot");
  const marshalled = marshall(values);
  return (robotId) => ({ ...query, ExpressionAttributeValues: { ...marshalled, ":pk": { S: start + robotId } } });
}

function pick(item: Record<string, AttributeValue>, names: readonly string[]): Item {
  const picked: Item = {};
  for (const name of names) {
    const value = item[name];
    if (value !== undefined) picked[name] = convertToNative(value);
  }
  return picked;
}
