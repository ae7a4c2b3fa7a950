import * as z from "zod/mini";
import { Text } from "../text.ts";

/** A list's next page: pass `cursor` back; it is opaque and only good for the list that gave it. */
export const Cursor = z.optional(Text.check(z.maxLength(2_048)));

export const PageQuery = z.object({ cursor: Cursor });

export function pageOf<Item extends z.ZodMiniType>(item: Item) {
  return z.object({ items: z.array(item), cursor: Cursor });
}
