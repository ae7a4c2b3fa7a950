import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import type { Store } from "./index.ts";

type Get = { readonly params: () => object; readonly go: () => Promise<{ readonly data: unknown }> };
type Gets = { readonly [name: string]: Get | undefined };
type Found<G> = G extends { go: () => Promise<{ data: infer Data }> } ? Data : undefined;
type Item = { readonly pk: string; readonly sk: string; readonly __edb_e__: keyof Store["entities"] };

/**
 * Reads several items by key in one request, and answers them by name; `null` where there is none. Not TransactGetItems: that is cancelled
 * whenever one of its items is being written, and costs twice as much. The items may be of slightly different instants, so what
 * is decided by them is a condition of the write again, or is read again after it.
 */
export async function readItems<const G extends Gets>(
  { source: { client, table }, entities }: Store,
  pick: (entities: Store["entities"]) => G,
  read: "consistent" | "stale" = "consistent",
): Promise<{ readonly [Name in keyof G]: Found<G[Name]> }> {
  const wanted = Object.entries(pick(entities)).flatMap(([name, get]) => (get ? [{ name, key: (get.params() as { Key: Item }).Key }] : []));
  const keys = new Map(wanted.map(({ key }) => [textOf(key), key]));
  const { Responses } = await client.send(
    new BatchGetCommand({
      RequestItems: { [table]: { Keys: [...keys.values()], ...(read === "consistent" && { ConsistentRead: true }) } },
    }),
  );
  const items = new Map(((Responses?.[table] ?? []) as Item[]).map((item) => [textOf(item), item]));
  const found = wanted.map(({ name, key }) => {
    const item = items.get(textOf(key));
    if (!item) return [name, null];
    // Each entity parses items of its own type; the union of all of them cannot be called.
    const entity = entities[item.__edb_e__] as object as { parse(answer: object): { data: unknown } };
    return [name, entity.parse({ Item: item }).data];
  });
  return Object.fromEntries(found);
}

const textOf = ({ pk, sk }: Item) => `${pk} ${sk}`;
