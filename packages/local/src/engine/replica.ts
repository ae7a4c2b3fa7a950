import type { Clock } from "../clock/clock.ts";

type Value = { readonly S?: string };
type Item = Readonly<Record<string, Value>>;
type Key = { readonly pk: Value; readonly sk: Value };
type Body = Record<string, unknown>;

/** An item as it was before a write; `item` is missing where there was none. */
type Former = { readonly key: string; readonly item: Item | undefined; readonly at: number };

/** A copy of the table that lags: it shows items as they were before what was written to them a moment ago. */
export interface Replica {
  /** To be awaited before a write is handed on. `ask` asks the engine. */
  remember(operation: string, body: Body, ask: (operation: string, body: Body) => Promise<Body>): Promise<void>;
  /** The answer to a Query or GetItem as it would have been `lagMs` ago. */
  lagging(operation: string, body: Body, answer: Body, lagMs: number): Body;
}

/** A replica never lags by more than this. */
const longestMs = 60_000;

/** The history is searched for what may be forgotten once it is twice as long as this. */
const keptAtLeast = 1_000;

const textOf = ({ pk, sk }: Key) => `${pk.S} ${sk.S}`;

/** Whether a write may change what an index shows: it names an index's key, or takes an item away. */
export function changesIndex(operation: string, body: Buffer): boolean {
  return /^(Put|Update|TransactWrite|BatchWrite)Item/.test(operation)
    ? body.includes("gsi") || body.includes('"Delete')
    : operation === "DeleteItem";
}

/** A read that is answered by any copy: consistent only if it asks for that, and never on an index. */
export function mayLag(operation: string, body: Body): boolean {
  return (operation === "Query" || operation === "GetItem") && body.ConsistentRead !== true;
}

type Written = { readonly Key?: Key; readonly Item?: Item };

function keysWritten(operation: string, body: Body): Key[] {
  const written = ({ Key, Item }: Written): Key | undefined => Key ?? (Item as Key | undefined);
  if (operation === "BatchWriteItem") {
    const requests = Object.values(body.RequestItems as Record<string, readonly Record<string, Written>[]>).flat();
    return requests.flatMap((request) => written(Object.values(request)[0] ?? {}) ?? []);
  }
  if (operation === "TransactWriteItems") {
    const actions = body.TransactItems as readonly Record<string, { Key?: Key; Item?: Item }>[];
    return actions.flatMap(({ Put, Update, Delete }) => written(Put ?? Update ?? Delete ?? {}) ?? []);
  }
  if (operation !== "PutItem" && operation !== "UpdateItem" && operation !== "DeleteItem") return [];
  return [written(body) ?? []].flat();
}

/** The keys that a Query looks for, as far as our own go: one partition, and a beginning or an end of the sort key. */
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

/** Whether an item belongs to this page of a Query: after where it begins and not after where it ends. */
function onPage(body: Body, answer: Body): (item: Item) => boolean {
  const { "#sk1": sort = "sk" } = (body.ExpressionAttributeNames ?? {}) as Record<string, string>;
  const sortKeyOf = (item: Item) => [item[sort]?.S, item.pk?.S, item.sk?.S].join(" ");
  const isBackward = body.ScanIndexForward === false;
  const isAfter = (item: Item, other: unknown) =>
    sortKeyOf(item) !== sortKeyOf(other as Item) && sortKeyOf(item) > sortKeyOf(other as Item) !== isBackward;
  const { ExclusiveStartKey: start } = body;
  const { LastEvaluatedKey: end } = answer;
  return (item) => (start === undefined || isAfter(item, start)) && (end === undefined || !isAfter(item, end));
}

export function createReplica(clock: Pick<Clock, "now">): Replica {
  /** The items as they were before each write, the oldest first. */
  let formers: Former[] = [];

  function forget(): void {
    const kept = formers.findIndex(({ at }) => clock.now() - at <= longestMs);
    if (kept !== 0) formers = kept === -1 ? [] : formers.slice(kept);
  }

  /** Each item that was written within the time, as it was before. */
  function formerly(lagMs: number): ReadonlyMap<string, Item | undefined> {
    const found = new Map<string, Item | undefined>();
    for (let n = formers.length - 1; n >= 0; n--) {
      const former = formers[n];
      if (!former || clock.now() - former.at > lagMs) break;
      found.set(former.key, former.item);
    }
    return found;
  }

  return {
    async remember(operation, body, ask) {
      const keys = keysWritten(operation, body).map(({ pk, sk }) => ({ pk, sk }));
      if (keys.length === 0) return;
      if (formers.length >= 2 * keptAtLeast) forget();
      const gets = keys.map((Key) => ({ Get: { Key, TableName: tableIn(body) } }));
      const { Responses } = await ask("TransactGetItems", { TransactItems: gets });
      for (const [n, key] of keys.entries()) {
        const { Item: item } = (Responses as readonly { Item?: Item }[])[n] ?? {};
        formers.push({ key: textOf(key), item, at: clock.now() });
      }
    },
    lagging(operation, body, answer, lagMs) {
      const former = formerly(lagMs);
      if (operation === "GetItem") {
        const key = textOf(body.Key as Key);
        return former.has(key) ? { ...answer, Item: former.get(key) } : answer;
      }
      const [matches, isHere] = [lookedFor(body), onPage(body, answer)];
      const fits = (item: Item) => matches(item) && isHere(item);
      const items = (answer.Items ?? []) as readonly (Item & Key)[];
      const there = new Set(items.map(textOf));
      const gone = [...former].flatMap(([key, item]) => (item && !there.has(key) && fits(item) ? [item] : []));
      const shown = items.flatMap((item) => {
        if (!former.has(textOf(item))) return [item];
        const then = former.get(textOf(item));
        return then && fits(then) ? [then] : [];
      });
      return { ...answer, Items: [...shown, ...gone], Count: shown.length + gone.length };
    },
  };
}

function tableIn(body: Body): unknown {
  if (body.RequestItems) return Object.keys(body.RequestItems)[0];
  if (!Array.isArray(body.TransactItems)) return body.TableName;
  const [first] = body.TransactItems as readonly Record<string, { TableName: string }>[];
  return Object.values(first ?? {})[0]?.TableName;
}
