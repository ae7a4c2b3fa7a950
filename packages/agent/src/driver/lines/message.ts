import * as z from "zod/mini";

/**
 * Lines to the program. It answers each with `done` and its `id`, once it has carried it out; `id` grows. Only the host of a module is told
 * of its `audience`, and does not answer that.
 */
export const ToProgram = z.discriminatedUnion("type", [
  z.object({ id: z.int(), type: z.literal("start") }),
  z.object({
    id: z.int(),
    type: z.literal("command"),
    command: z.unknown(),
    epoch: z.number(),
    ageMs: z.number(),
    limit: z.number(),
    blindMs: z.optional(z.number()),
  }),
  z.object({ id: z.int(), type: z.literal("stop"), reason: z.string() }),
  z.object({ id: z.int(), type: z.literal("audience"), present: z.boolean() }),
]);
export type ToProgram = z.infer<typeof ToProgram>;

/** Lines from the program. What it says in `log` is for whoever reads the agent's output. */
export const FromProgram = z.discriminatedUnion("type", [
  z.object({ type: z.literal("failed"), id: z.int(), says: z.optional(z.string()) }),
  z.object({ type: z.literal("telemetry"), telemetry: z.unknown() }),
  z.object({ type: z.literal("log"), says: z.string() }),
]);
export type FromProgram = z.infer<typeof FromProgram>;

/** `unread`: no JSON, or nothing the agent knows. */
export function parse(line: string): FromProgram | "unread" {
  try {
    const parsed = FromProgram.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : "unread";
  } catch {
    return "unread";
  }
}
