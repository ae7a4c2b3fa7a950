import * as z from "zod/mini";

export const wellFormed = z.refine((text) => typeof text === "string" && text.isWellFormed());

/**
 * Text, as every field that holds some is read. JSON can name half of a surrogate pair alone; such a string is no Unicode text, has no
 * UTF-8, and no store keeps it. A12
 */
export const Text = z.string().check(wellFormed);

/** The first `most` characters of what anyone said, as well-formed text: a cut through a pair leaves no half. */
export function cutText(text: string, most: number): string {
  return text.slice(0, most).toWellFormed();
}
