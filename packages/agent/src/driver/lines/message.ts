import { Declaration } from "@tether/protocol/declaration";
import { fieldsOf } from "@tether/protocol/field";
import * as z from "zod/mini";

/**
 * Lines to the program, with a growing `id`. The program answers each with `done` and that `id` once it is carried out. Only the host of
 * a module gets `viewers`, and does not answer it.
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
  z.object({ id: z.int(), type: z.literal("press"), button: z.string(), epoch: z.number(), ageMs: z.number() }),
  z.object({ id: z.int(), type: z.literal("stop"), reason: z.string() }),
  z.object({ id: z.int(), type: z.enum(["slow", "safe"]), reason: z.string() }),
  z.object({ id: z.int(), type: z.literal("viewers"), present: z.boolean() }),
]);
export type ToProgram = z.infer<typeof ToProgram>;

/** The longest deadline of a stage, in ms. */
const stageMsMost = 60_000;

const Deadline = z.optional(z.int().check(z.gte(1), z.lte(stageMsMost)));

/** Lines from the program; the supervisor reads its answers. `log` goes to the agent's output. `declare` comes before the answer to `start`; each stage has its deadline in ms. */
export const FromProgram = z.discriminatedUnion("type", [
  z.object({ type: z.literal("telemetry"), telemetry: z.unknown() }),
  z.object({ type: z.literal("log"), says: z.string() }),
  z.object({
    type: z.literal("declare"),
    limits: z.optional(z.boolean()),
    stages: z.optional(z.object({ slow: Deadline, stop: Deadline, safe: Deadline })),
    robot: z.optional(Declaration),
  }),
]);
export type FromProgram = z.infer<typeof FromProgram>;

/** `unread`: the line is no JSON or no known message. `misdeclared`: it says wrongly what the robot is, in these fields. */
export function parse(line: string): FromProgram | { readonly type: "misdeclared"; readonly fields: readonly string[] } | "unread" {
  try {
    const message: unknown = JSON.parse(line);
    const parsed = FromProgram.safeParse(message);
    if (parsed.success) return parsed.data;
    const fields = fieldsOf(parsed.error.issues).filter((field) => field.startsWith("robot"));
    return fields.length > 0 ? { type: "misdeclared", fields } : "unread";
  } catch {
    return "unread";
  }
}
