import * as z from "zod/mini";
import type { Cause } from "./cause.ts";

/** Why a robot leaves, or what had ended its run before, by its own word. */
export const accountCauses = [
  "driver.ended",
  "driver.hung",
  "driver.flooded",
  "driver.looping",
  "agent.hung",
  "agent.crashed",
  "agent.killed",
  "power.lost",
] as const satisfies Cause[];

const Known = z.object({
  cause: z.enum(accountCauses),
  /** The driver's exit code, and the signal that ended it if one did. */
  status: z.optional(z.int().check(z.minimum(0), z.maximum(255))),
  signal: z.optional(z.string().check(z.regex(/^SIG[A-Z0-9]{2,10}$/))),
  /** In which it hung. */
  during: z.optional(z.enum(["start", "stop"])),
  /** How often its driver ended in a row. */
  times: z.optional(z.int().check(z.minimum(1), z.maximum(1_000_000))),
});

/** What is none, as that of a newer robot, counts for nothing: who leaves is not held up by it. F7 */
export const Account = z.catch(z.optional(Known), undefined);
export type Account = z.infer<typeof Known>;
