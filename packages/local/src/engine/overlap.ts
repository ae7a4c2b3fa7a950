import { canceled, type Fate, storeFaults } from "./fate.ts";

type Value = { readonly S?: string };
type Keyed = { readonly Key?: { pk?: Value; sk?: Value }; readonly Item?: { pk?: Value; sk?: Value } };
type Body = Record<string, unknown>;

/**
 * The items that requests are at. DynamoDB refuses a transaction that meets another request's write at one of its items, and a plain write that meets a
 * transaction; conditions count as writes, reads but TransactGetItems meet nobody.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */
export interface Overlap {
  /** Lets a request in, until what is returned is called; or answers what it is refused with. */
  enter(operation: string, body: Body): (() => void) | Exclude<Fate, string>;
}

const plain = /^(Put|Update|Delete)Item$/;

function textOf({ Key, Item }: Keyed): string {
  const { pk, sk } = Key ?? Item ?? {};
  return `${pk?.S} ${sk?.S}`;
}

function keysOf(operation: string, body: Body): string[] {
  if (plain.test(operation)) return [textOf(body as Keyed)];
  if (!/^Transact(Get|Write)Items$/.test(operation)) return [];
  return (body.TransactItems as readonly Record<string, Keyed>[]).map((item) => textOf(Object.values(item)[0] ?? {}));
}

export function createOverlap(): Overlap {
  const transactions = new Map<string, number>();
  const writes = new Map<string, number>();

  function hold(held: Map<string, number>, keys: readonly string[]): () => void {
    for (const key of keys) held.set(key, (held.get(key) ?? 0) + 1);
    return () => {
      for (const key of keys) {
        const left = (held.get(key) ?? 0) - 1;
        if (left > 0) held.set(key, left);
        else held.delete(key);
      }
    };
  }

  return {
    enter(operation, body) {
      const keys = keysOf(operation, body);
      const isPlain = plain.test(operation);
      const met = keys.map((key) => transactions.has(key) || (!isPlain && writes.has(key)));
      if (!met.includes(true)) return operation === "TransactGetItems" ? () => {} : hold(isPlain ? writes : transactions, keys);
      const refusal = isPlain ? storeFaults.conflict(operation, body) : canceled(met.map((one) => (one ? "TransactionConflict" : "None")));
      return refusal as Exclude<Fate, string>;
    },
  };
}
