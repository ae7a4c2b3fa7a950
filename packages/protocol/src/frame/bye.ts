import * as z from "zod/mini";
import { type Cause, causes, Retry } from "../cause.ts";
import { Text } from "../text.ts";
import { ending } from "./ending.ts";

/** The broker's last frame before it closes: API Gateway cannot choose a close code, so the reason travels here. */
export const Bye = z.object({
  type: z.literal("bye"),
  ...ending,
  inferred: z.optional(ending.inferred),
  /** 4000–4499: reconnect. 4500–4999: final. */
  close: z.int().check(z.gte(4000), z.lte(4999)),
  says: Text,
  remedy: Text,
  retry: Retry,
});
export type Bye = z.infer<typeof Bye>;

type Ending = Pick<Bye, "actor" | "evidence"> & { readonly cause: Cause; readonly inferred: boolean };

/** `afterMs` bounds the random wait of policy `backoff` where that is wider than the usual one; it is 0 for the others. F5.1 */
export function bye({ cause, actor, inferred, evidence }: Ending, afterMs = 0): Bye {
  const { close, says, remedy, retry } = causes[cause];
  return { type: "bye", cause, close, says, remedy, retry: { policy: retry, afterMs }, actor, inferred, ...(evidence && { evidence }) };
}
