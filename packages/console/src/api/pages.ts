import type { Result } from "./failure.ts";

type Page<Item> = { readonly items: readonly Item[]; readonly cursor?: string | undefined };

/** Follows a list to its end, or for so many pages. `load` is handed the query, `""` or `?cursor=…`. */
export async function loadAll<Item>(load: (query: string) => Promise<Result<Page<Item>>>, pages = 20): Promise<Result<readonly Item[]>> {
  const items: Item[] = [];
  let query = "";
  for (let page = 0; page < pages; page++) {
    const result = await load(query);
    if ("failure" in result) return result;
    items.push(...result.value.items);
    if (result.value.cursor === undefined) break;
    query = `?cursor=${encodeURIComponent(result.value.cursor)}`;
  }
  return { value: items };
}
