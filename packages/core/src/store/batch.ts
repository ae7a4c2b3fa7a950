/** So often what the store left for another time is asked for, which it does when it is throttled. */
const attempts = 3;

type Batch<Key, Item> = { readonly data: readonly Item[]; readonly unprocessed: readonly Key[] };

/** The items of up to a hundred keys, in one request where the store gives all of them at once. Those that are not there are left out. */
export async function getAll<Key, Item>(keys: readonly Key[], get: (keys: Key[]) => Promise<Batch<Key, Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let left = keys;
  for (let attempt = 0; left.length > 0; attempt++) {
    // A4: what could not be read is not what is not there.
    if (attempt === attempts) throw Object.assign(new Error("the store left keys unread"), { code: "unprocessed" });
    const { data, unprocessed } = await get([...left]);
    items.push(...data);
    left = unprocessed;
  }
  return items;
}
