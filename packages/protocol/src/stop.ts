import * as z from "zod/mini";
import { forgiving } from "./forgiving.ts";
import { cutText, Text } from "./text.ts";

/** Begins the key of a press that no other press has. */
export const oncePrefix = "once-";

/**
 * The further fields of a stop. A stop is obeyed whatever is wrong with them: a field that cannot be read is left out.
 */
export const said = {
  /**
   * An idempotency key: names one press of stop, however many ways it goes, so that it counts once. One that begins with `once-` is drawn at
   * random for this press alone; any other may be a button's, whose key is always the same. R16
   */
  key: forgiving(Text.check(z.minLength(16), z.maxLength(64))),
  /** Why, in words; the first 200 characters of it. */
  reason: forgiving(
    z.pipe(
      z.string(),
      z.transform((words: string) => cutText(words, 200)),
    ),
  ),
};
