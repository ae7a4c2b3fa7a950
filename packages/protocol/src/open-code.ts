import * as z from "zod/mini";
import { Text } from "./text.ts";

/**
 * A code as an end reads it. A newer broker may know causes and problems that this version does not: an end takes those by
 * what travels beside them (the words, the close number, the retry policy, the status) and never by the code alone. F7
 */
export const OpenCode = Text.check(z.maxLength(48), z.regex(/^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)?$/));
export type OpenCode = z.infer<typeof OpenCode>;
