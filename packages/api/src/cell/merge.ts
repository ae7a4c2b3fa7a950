import type { Robot } from "@tether/protocol/http";

/** A page of robots. */
export type Page = { readonly items: readonly Robot[]; readonly cursor?: string | undefined };

/**
 * A page of several lists that are each in the order of their ids. A page that has a cursor has looked no further than there, so what
 * another has from behind the first such cursor waits for the next page.
 */
export function mergePages(pages: readonly Page[], limit: number): Page {
  const cursors = pages.flatMap(({ cursor }) => cursor ?? []).sort();
  const [end] = cursors;
  const seen = new Set<string>();
  const items = pages
    .flatMap((page) => page.items)
    .filter(({ id }) => end === undefined || id <= end)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    // A robot that moved between two looks is in both.
    .filter(({ id }) => !seen.has(id) && seen.add(id));
  const page = items.slice(0, limit);
  const last = items.length > limit ? page.at(-1)?.id : undefined;
  const cursor = last ?? end;
  return { items: page, ...(cursor !== undefined && { cursor }) };
}
