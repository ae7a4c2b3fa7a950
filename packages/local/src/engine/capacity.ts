import type { RequestTime } from "../clock/request-time.ts";
import { type DecideFate, storeFaults } from "./fate.ts";

/** How many units a second one partition takes, and for how many seconds what was not used is kept. */
export type Quota = { readonly writes: number; readonly reads: number; readonly burstS: number };

/**
 * The capacity of table, indexes and their partitions. A partition takes 1,000 write and 3,000 read units a second and keeps what it did not use for up
 * to 300 s; a new on-demand table, and each of its indexes, begins with four partitions' worth. An index that takes no more holds up the
 * table's writes. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
 */
export interface Capacity {
  /** Throttles a request for which a bucket is empty. */
  readonly ask: DecideFate;
  /** Takes what a request used from the buckets it used it of. */
  use(operation: string, body: Body, answer: Buffer): void;
}

type Body = Record<string, unknown>;
type Value = { readonly S?: string };
type Part = {
  readonly Key?: Record<string, Value>;
  readonly Item?: Record<string, Value>;
  readonly ExpressionAttributeValues?: Record<string, Value>;
};
type Units = { readonly CapacityUnits?: number };
type Consumed = Units & { readonly Table?: Units; readonly GlobalSecondaryIndexes?: Record<string, Units> };

const partitionsAtFirst = 4;
const indexNames = ["gsi1", "gsi2"] as const;

function partsOf(operation: string, body: Body): Part[] {
  if (Array.isArray(body.TransactItems)) return body.TransactItems.flatMap((item: object) => Object.values(item));
  if (operation === "BatchGetItem") {
    const tables = Object.values(body.RequestItems as Record<string, { Keys: Record<string, Value>[] }>);
    return tables.flatMap(({ Keys }) => Keys.map((Key) => ({ Key })));
  }
  if (operation === "BatchWriteItem")
    return Object.values(body.RequestItems as Record<string, object[]>)
      .flat()
      .flatMap(Object.values);
  return [body as Part];
}

function partitionOf({ Key, Item, ExpressionAttributeValues: values }: Part): string | undefined {
  return (Key ?? Item)?.pk?.S ?? values?.[":pk"]?.S;
}

/** In which partition of an index a write puts the item; nothing where it leaves it where it is. */
function partitionIn(index: string, { Item, ExpressionAttributeValues: values = {} }: Part): string | undefined {
  if (Item) return Item[`${index}pk`]?.S;
  return Object.entries(values).find(([name]) => name.startsWith(`:${index}pk`))?.[1].S;
}

export function createCapacity(time: Pick<RequestTime, "now">, quota: () => Quota | undefined, onThrottled: () => void): Capacity {
  const buckets = new Map<string, { left: number; at: number }>();

  const kindOf = (operation: string) => (/Put|Update|Delete|Write/.test(operation) ? "writes" : "reads");

  /** The buckets a request draws from, each with how many times a partition's quota it has. */
  function drawn(operation: string, body: Body): { name: string; size: number; index?: string }[] {
    const kind = kindOf(operation);
    const parts = partsOf(operation, body);
    const found = [];
    if (typeof body.IndexName === "string") {
      const index = body.IndexName;
      found.push({ name: `${kind} ${index}`, size: partitionsAtFirst, index });
      found.push({ name: `${kind} ${index} ${partitionOf(body as Part)}`, size: 1, index });
      return found;
    }
    found.push({ name: kind, size: partitionsAtFirst });
    for (const part of new Set(parts.map(partitionOf))) found.push({ name: `${kind} ${part}`, size: 1 });
    if (kind === "reads") return found;
    for (const index of indexNames) {
      const inside = new Set(parts.flatMap((part) => partitionIn(index, part) ?? []));
      if (inside.size > 0) found.push({ name: `${kind} ${index}`, size: partitionsAtFirst, index });
      for (const part of inside) found.push({ name: `${kind} ${index} ${part}`, size: 1, index });
    }
    return found;
  }

  function filled(name: string, size: number, kind: "writes" | "reads", of: Quota): { left: number; at: number } {
    const [perSecond, now] = [of[kind] * size, time.now()];
    const most = perSecond * of.burstS;
    const bucket = buckets.get(name) ?? { left: most, at: now };
    bucket.left = Math.min(most, bucket.left + ((now - bucket.at) * perSecond) / 1_000);
    bucket.at = now;
    buckets.set(name, bucket);
    return bucket;
  }

  return {
    ask(operation, body) {
      const of = quota();
      if (!of || !/Item|Query|Scan/.test(operation)) return "pass";
      const kind = kindOf(operation);
      if (drawn(operation, body).every(({ name, size }) => filled(name, size, kind, of).left > 0)) return "pass";
      onThrottled();
      return storeFaults.exhausted(operation, body);
    },
    use(operation, body, answer) {
      const of = quota();
      if (!of) return;
      const { ConsumedCapacity = [] } = JSON.parse(answer.toString() || "{}") as { ConsumedCapacity?: Consumed | Consumed[] };
      const kind = kindOf(operation);
      const all = drawn(operation, body);
      for (const { CapacityUnits = 0, Table, GlobalSecondaryIndexes = {} } of [ConsumedCapacity].flat()) {
        for (const { name, size, index } of all) {
          const units = index === undefined ? (Table?.CapacityUnits ?? CapacityUnits) : (GlobalSecondaryIndexes[index]?.CapacityUnits ?? 0);
          // DynamoDB does not tell which part of a request used how much: its partitions share it alike.
          const sharers = size > 1 ? 1 : all.filter((one) => one.size === 1 && one.index === index).length;
          filled(name, size, kind, of).left -= units / sharers;
        }
      }
    },
  };
}
