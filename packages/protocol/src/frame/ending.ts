import * as z from "zod/mini";
import { Actor } from "../actor.ts";
import { OpenCode } from "../open-code.ts";
import { Evidence } from "../timeline.ts";

/** Why something is over, as ends are told. */
export const ending = {
  cause: OpenCode,
  actor: Actor,
  /** True where nobody said so and the broker concluded it. */
  inferred: z.boolean(),
  /** The causes that fit what is known, the told one first, where the broker concluded it. */
  possible: z.optional(z.array(OpenCode)),
  evidence: z.optional(Evidence),
};
