/** Things that stand too near to each other to be told apart, together at the place of the first. */
export type Cluster<Item> = { readonly x: number; readonly items: readonly [Item, ...Item[]] };

/** Puts together what is less than `nearest` from the first of its kind. `items` are in order of `xOf`. */
export function clusters<Item>(items: readonly Item[], xOf: (item: Item) => number, nearest: number): Cluster<Item>[] {
  const found: { x: number; items: [Item, ...Item[]] }[] = [];
  for (const item of items) {
    const x = xOf(item);
    const last = found.at(-1);
    if (last && x - last.x < nearest) last.items.push(item);
    else found.push({ x, items: [item] });
  }
  return found;
}
