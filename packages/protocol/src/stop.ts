import * as z from "zod/mini";
import { cutText, Text } from "./text.ts";

/**
 * The further fields of a stop. A stop is obeyed whatever is wrong with them: a field that cannot be read is left out.
 */
export const said = {
  /**
   * An idempotency key: names one press of stop, however many ways it goes, so that it counts once. Drawn at random, since two stops under
   * one key are taken for one.
   */
  key: z.catch(z.optional(Text.check(z.minLength(16), z.maxLength(64))), undefined),
  /** Why, in words; the first 200 characters of it. */
  reason: z.catch(
    z.optional(
      z.pipe(
        z.string(),
        z.transform((words: string) => cutText(words, 200)),
      ),
    ),
    undefined,
  ),
};
