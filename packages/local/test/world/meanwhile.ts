import type { World } from "./world.ts";

/** Does something between what the next operation reads and what it writes: right before its first transaction is sent. */
export function meanwhile({ system }: World, change: () => Promise<unknown>): void {
  const { transaction } = system.store;
  const { write } = transaction;
  transaction.write = ((build: never) => ({
    async go() {
      transaction.write = write;
      await change();
      return write(build).go();
    },
  })) as never;
}
