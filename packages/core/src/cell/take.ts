import { BatchWriteCommand, GetCommand, PutCommand, QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Store } from "../store/index.ts";
import { failure } from "../store/patience.ts";
import { deleteUnchanged } from "../store/transact.ts";

/** An item as the table holds it. */
export type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

type Listed = { params(): object };

/** Two tables, and what is asked before each write. */
export type Between = { readonly from: Store; readonly to: Store; readonly hold: () => Promise<void> };

/** More changes than this to an item that nobody asks for is a defect. */
const attempts = 10;

/** Finds all items of a query, page by page. The read is consistent, and has items as the table holds them. */
export async function* pagesOf({ source: { client } }: Store, query: Listed, pageItems?: number): AsyncGenerator<Item[]> {
  const params = { ...(query.params() as QueryCommandInput), ConsistentRead: true, ...(pageItems !== undefined && { Limit: pageItems }) };
  let from: QueryCommandInput["ExclusiveStartKey"];
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand({ ...params, ...(from && { ExclusiveStartKey: from }) }));
    if (Items.length > 0) yield Items as Item[];
    from = LastEvaluatedKey;
  } while (from);
}

/**
 * Takes an item from one table to the other. It is put there first and deleted here only if it is still what was put, so it is never lost,
 * and a change that came between is taken as well.
 */
export async function take({ from, to, hold }: Between, seen: Item, placed: (item: Item) => object = (item) => item): Promise<void> {
  let item: Item | undefined = seen;
  for (let attempt = 0; attempt < attempts; attempt++) {
    await hold();
    if (!item) {
      await to.source.client.send(deletion(to, seen));
      return;
    }
    await to.source.client.send(new PutCommand({ TableName: to.source.table, Item: placed(item) }));
    await hold();
    if ((await deleteUnchanged(from, item)) === "deleted") return;
    item = await find(from, seen);
  }
  throw failure("contended", "an item is written to all the time while it moves");
}

/** Carries items that are never written to again, 25 at a time. Answers how many. */
export async function carry(between: Between, query: Listed): Promise<number> {
  const { from, to, hold } = between;
  let carried = 0;
  for await (const items of pagesOf(from, query, 25)) {
    await hold();
    await to.source.client.send(
      new BatchWriteCommand({ RequestItems: { [to.source.table]: items.map((Item) => ({ PutRequest: { Item } })) } }),
    );
    await hold();
    const keys = items.map((item) => ({ DeleteRequest: { Key: keyOf(item) } }));
    await from.source.client.send(new BatchWriteCommand({ RequestItems: { [from.source.table]: keys } }));
    carried += items.length;
  }
  return carried;
}

const keyOf = ({ pk, sk }: Item) => ({ pk, sk });

async function find({ source: { client, table } }: Store, item: Item): Promise<Item | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: keyOf(item), ConsistentRead: true }));
  return Item as Item | undefined;
}

function deletion({ source: { table } }: Store, item: Item) {
  return new BatchWriteCommand({ RequestItems: { [table]: [{ DeleteRequest: { Key: keyOf(item) } }] } });
}
