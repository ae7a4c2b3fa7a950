import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { Store } from "./index.ts";
import { failure } from "./patience.ts";

/** The entities as a transaction writes them. */
export type Entities = Parameters<Parameters<Store["transaction"]["write"]>[0]>[0];

/** The parts of a transaction: writes and conditions by name. A name may have several, or none. */
export type Parts = { readonly [name: string]: object | readonly object[] | undefined };

/** A transaction that wrote nothing, because conditions were not met. */
type Refused<Name extends string> = {
  /** Whether a condition of this part was not met. */
  has(name: Name): boolean;
  /** The item that did not meet it, of a part that commits with `{ response: "all_old" }`; nothing where there is none. */
  found(name: Name): Record<string, unknown> | undefined;
};

export type Outcome<Name extends string> = "done" | Refused<Name>;

type Result = { readonly rejected: boolean; readonly code?: string; readonly item?: unknown };

const throttles = ["ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded", "ThrottlingException"];

/**
 * Writes all parts or none, in one request, and answers by name. Conflicts with other transactions are waited out, by the store's client.
 * A throttle is thrown as a failure of the store's and anything else as a defect: neither says anything about what was asked for.
 */
export async function transact<const P extends Parts>(
  env: { store: Store },
  build: (entities: Entities) => P,
): Promise<Outcome<keyof P & string>> {
  const names: string[] = [];
  // ElectroDB types a transaction as one tuple; ours differ in length from case to case.
  const parts = (entities: Entities) => {
    const named = Object.entries(build(entities)).flatMap(([name, part]) => [part ?? []].flat().map((one: object) => [name, one] as const));
    names.splice(0, names.length, ...named.map(([name]) => name));
    return named.map(([, part]) => part) as never;
  };
  const { canceled, data } = await env.store.transaction.write(parts).go();
  if (!canceled) return "done";
  const results: readonly Result[] = data;
  const other = results.find(({ code = "None" }) => code !== "None" && code !== "ConditionalCheckFailed")?.code;
  if (other !== undefined && throttles.includes(other)) throw failure("throttled", "a transaction was throttled");
  if (other !== undefined) throw new Error(`a transaction was cancelled by ${other}`);
  const refused = results.flatMap(({ rejected, item }, n) => (rejected ? [{ name: names[n], item }] : []));
  if (refused.length === 0) throw new Error("a transaction was cancelled for no reason");
  return {
    has: (name) => refused.some((one) => one.name === name),
    found: (name) => (refused.find((one) => one.name === name)?.item as Record<string, unknown> | null | undefined) ?? undefined,
  };
}

/**
 * Deletes an item if it has every attribute as it was read. A transaction, though of one item: its token tells a delete whose answer was
 * lost from an item that somebody else deleted.
 */
export async function deleteUnchanged(
  { source: { client, table } }: Store,
  item: Readonly<Record<string, unknown>>,
): Promise<"deleted" | "changed"> {
  const { pk, sk, ...attributes } = item;
  const named = Object.entries(attributes);
  const deletion = {
    TableName: table,
    Key: { pk, sk },
    ConditionExpression: named.map((_, n) => `#a${n} = :a${n}`).join(" AND "),
    ExpressionAttributeNames: Object.fromEntries(named.map(([name], n) => [`#a${n}`, name])),
    ExpressionAttributeValues: Object.fromEntries(named.map(([, value], n) => [`:a${n}`, value])),
  };
  try {
    await client.send(new TransactWriteCommand({ TransactItems: [{ Delete: deletion }] }));
    return "deleted";
  } catch (error) {
    const { CancellationReasons = [] } = error as { CancellationReasons?: readonly { Code?: string }[] };
    if (CancellationReasons.some(({ Code }) => Code === "ConditionalCheckFailed")) return "changed";
    throw error;
  }
}
