import * as z from "zod/mini";
import { OpenCode } from "../open-code.ts";
import { type Problem, problems } from "../problem.ts";
import { Text } from "../text.ts";
import { FrameId } from "./signal.ts";

/** A frame was refused; the connection stays. `id` is the refused frame's own. */
export const ProblemFrame = z.object({
  type: z.literal("problem"),
  code: OpenCode,
  says: Text,
  remedy: Text,
  fields: z.optional(z.array(Text)),
  id: FrameId,
});
export type ProblemFrame = z.infer<typeof ProblemFrame>;

export function problemFrame({ problem: code, fields }: Problem, id?: string): ProblemFrame {
  const { says, remedy } = problems[code];
  return { type: "problem", code, says, remedy, ...(fields && { fields: [...fields] }), ...(id !== undefined && { id }) };
}
