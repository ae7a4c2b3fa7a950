import * as z from "zod/mini";

/** Lines to the program. It answers each with `done` and its `id`, once it has carried it out; `id` grows. */
export type ToProgram = { readonly id: number } & (
  | { readonly type: "start" }
  | { readonly type: "command"; readonly command: unknown; readonly epoch: number; readonly ageMs: number }
  | { readonly type: "stop"; readonly reason: string }
);

/** Lines from the program. What it says in `log` is for whoever reads the agent's output. */
export const FromProgram = z.discriminatedUnion("type", [
  z.object({ type: z.literal("done"), id: z.int() }),
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
