import * as z from "zod/mini";
import { Actor } from "../actor.ts";
import { Cause } from "../cause.ts";
import { Text } from "../text.ts";
import { Evidence } from "../timeline.ts";

/** Why a session is away or ended: the cause in words, who did it, and what supports that. */
export const Ending = z.object({
  cause: Cause,
  actor: Actor,
  inferred: z.boolean(),
  possible: z.optional(z.array(Cause)),
  evidence: z.optional(Evidence),
  says: Text,
  remedy: Text,
});
