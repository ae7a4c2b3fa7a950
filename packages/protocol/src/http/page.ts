import * as z from "zod/mini";
import { Text } from "../text.ts";

/** A list's next page: pass `cursor` back; it is opaque and only good for the list that gave it. */
export const Cursor = z.optional(Text.check(z.maxLength(2_048)));

/** The query of a list: its next page is asked for by the `cursor` of the page before. */
export const PageQuery = z.object({ cursor: Cursor });

/** The schema of a page of a list. Without `cursor` it is the last. */
export function pageOf<Item extends z.ZodMiniType>(item: Item) {
  return z.object({ items: z.array(item), cursor: Cursor });
}
