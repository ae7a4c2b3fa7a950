import type { Store } from "./index.ts";

/** The entities as a transaction writes them. */
export type Entities = Parameters<Parameters<Store["transaction"]["write"]>[0]>[0];

/** How one part of a transaction fared; `found` is the item that did not meet its condition, `null` where there is none. */
export type Part = { readonly refused: false } | { readonly refused: true; readonly found: Record<string, unknown> | null };

/**
 * What became of a transaction: done, its parts where a condition failed, or `contended` where another one was
 * at the same items (TransactionConflict): then nothing is known and the caller reads again.
 */
export type Outcome = "done" | "contended" | readonly Part[];

/** Writes all or nothing; one request. A part that is to give back what it found commits with `{ response: "all_old" }`. */
export async function transact(env: { store: Store }, build: (entities: Entities) => readonly object[]): Promise<Outcome> {
  // ElectroDB types a transaction as one tuple; ours differ in length from case to case.
  const { canceled, data } = await env.store.transaction.write(build as never).go();
  if (!canceled) return "done";
  const results: readonly { rejected: boolean; code?: string; item?: unknown }[] = data;
  const parts = results.map(({ rejected, code, item }): Part => {
    if (!rejected || code !== "ConditionalCheckFailed") return { refused: false };
    return { refused: true, found: (item as Record<string, unknown> | null | undefined) ?? null };
  });
  return parts.some((part) => part.refused) ? parts : "contended";
}
