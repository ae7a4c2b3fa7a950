import * as z from "zod/mini";
import type { Cause } from "./cause.ts";
import { forgiving } from "./forgiving.ts";

/** Why a robot leaves, or what had ended its run before, by its own word. */
export const accountCauses = [
  "driver.ended",
  "driver.hung",
  "driver.flooded",
  "driver.looping",
  "driver.none",
  "agent.hung",
  "agent.crashed",
  "agent.killed",
  "power.lost",
  "agent.updated",
] as const satisfies Cause[];

// The schema is made in a call marked as pure, so that a page with a client need not carry it.
const Known = /* @__PURE__ */ (() =>
  z.object({
    cause: z.enum(accountCauses),
    /** The driver's exit code, and the signal that ended it if one did. */
    status: z.optional(z.int().check(z.minimum(0), z.maximum(255))),
    signal: z.optional(z.string().check(z.regex(/^SIG[A-Z0-9]{2,10}$/))),
    /** In which it hung. */
    during: z.optional(z.enum(["start", "stop"])),
    /** The number of times in a row that its driver ended. */
    times: z.optional(z.int().check(z.minimum(1), z.maximum(1_000_000))),
    /** Whether the robot was without its signalling already when that happened: then it is not why it went away. */
    offline: z.optional(z.boolean()),
  }))();

/** An account that does not parse, as of a newer robot, is left out: leaving must not fail because of it. F7 */
export const Account = /* @__PURE__ */ forgiving(Known);
export type Account = z.infer<typeof Known>;
