import type { Clock } from "../clock/clock.ts";

type Value = { readonly S?: string };
type Item = Readonly<Record<string, Value>>;
type Key = { readonly pk: Value; readonly sk: Value };
type Body = Record<string, unknown>;

/** An item as it was before its latest write; `item` is missing where there was none. */
type Former = { readonly item: Item | undefined; readonly at: number };

/** A copy of the table that lags: it shows items as they were before their latest write, if that was a moment ago. */
export interface Replica {
  /** To be awaited before a write is handed on. `ask` asks the engine. */
  remember(operation: string, body: Body, ask: (operation: string, body: Body) => Promise<Body>): Promise<void>;
  /** The answer to a Query or GetItem as it would have been up to `lagMs` ago. */
  lagging(operation: string, body: Body, answer: Body, lagMs: number): Body;
}

/** A replica never lags by more than this. */
const longestMs = 60_000;

const textOf = ({ pk, sk }: Key) => `${pk.S} ${sk.S}`;

/** A read that is answered by any copy: consistent only if it asks for that, and never on an index. */
export function mayLag(operation: string, body: Body): boolean {
  return (operation === "Query" || operation === "GetItem") && body.ConsistentRead !== true;
}

function keysWritten(operation: string, body: Body): Key[] {
  const written = ({ Key, Item }: { Key?: Key; Item?: Item }): Key | undefined => Key ?? (Item as Key | undefined);
  if (operation === "TransactWriteItems") {
    const actions = body.TransactItems as readonly Record<string, { Key?: Key; Item?: Item }>[];
    return actions.flatMap(({ Put, Update, Delete }) => written(Put ?? Update ?? Delete ?? {}) ?? []);
  }
  if (operation !== "PutItem" && operation !== "UpdateItem" && operation !== "DeleteItem") return [];
  return [written(body) ?? []].flat();
}

/** What a Query looks for, as far as our own go: one partition, and a beginning or an end of the sort key. */
function lookedFor(body: Body): (item: Item) => boolean {
  const names = body.ExpressionAttributeNames as Record<string, string>;
  const values = body.ExpressionAttributeValues as Record<string, Value>;
  const [pk, sk] = [names["#pk"] ?? "", names["#sk1"] ?? ""];
  const [partition, bound = ""] = [values[":pk"]?.S, values[":sk1"]?.S];
  const isBefore = String(body.KeyConditionExpression).includes("<");
  const entities = Object.entries(values).flatMap(([name, { S }]) => (name.startsWith(":__edb_e__") ? [S] : []));
  return (item) => {
    const sorted = item[sk]?.S ?? "";
    if (item[pk]?.S !== partition || !(isBefore ? sorted < bound : sorted.startsWith(bound))) return false;
    return entities.length === 0 || entities.includes(item.__edb_e__?.S);
  };
}

export function createReplica(clock: Pick<Clock, "now">): Replica {
  const formers = new Map<string, Former>();

  function forget(): void {
    for (const [key, { at }] of formers) if (clock.now() - at > longestMs) formers.delete(key);
  }

  return {
    async remember(operation, body, ask) {
      const keys = keysWritten(operation, body).map(({ pk, sk }) => ({ pk, sk }));
      if (keys.length === 0) return;
      if (formers.size > 1_000) forget();
      const gets = keys.map((Key) => ({ Get: { Key, TableName: tableIn(body) } }));
      const { Responses } = await ask("TransactGetItems", { TransactItems: gets });
      for (const [n, key] of keys.entries()) {
        const { Item: item } = (Responses as readonly { Item?: Item }[])[n] ?? {};
        formers.set(textOf(key), { item, at: clock.now() });
      }
    },
    lagging(operation, body, answer, lagMs) {
      const former = (key: Key): Former | undefined => {
        const found = formers.get(textOf(key));
        return found && clock.now() - found.at <= lagMs ? found : undefined;
      };
      if (operation === "GetItem") {
        const found = former(body.Key as Key);
        return found ? { ...answer, Item: found.item } : answer;
      }
      const fits = lookedFor(body);
      const items = (answer.Items ?? []) as readonly (Item & Key)[];
      const there = new Set(items.map(textOf));
      const gone = [...formers].flatMap(([key, { item, at }]) =>
        item && !there.has(key) && clock.now() - at <= lagMs && fits(item) ? [item] : [],
      );
      const shown = items.flatMap((item) => {
        const found = former(item);
        if (!found) return [item];
        return found.item && fits(found.item) ? [found.item] : [];
      });
      return { ...answer, Items: [...shown, ...gone], Count: shown.length + gone.length };
    },
  };
}

function tableIn(body: Body): unknown {
  if (!Array.isArray(body.TransactItems)) return body.TableName;
  const [first] = body.TransactItems as readonly Record<string, { TableName: string }>[];
  return Object.values(first ?? {})[0]?.TableName;
}
