/** Works on what is queued in its order, so many at a time. */
export async function runLimited<Item>(queued: readonly Item[], atOnce: number, work: (one: Item) => Promise<void>): Promise<void> {
  const queue = queued.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const one of queue) await work(one);
    }),
  );
}
