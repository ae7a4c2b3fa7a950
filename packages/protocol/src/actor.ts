import * as z from "zod/mini";

/** Who caused something. `gateway` and `system` have no id. */
export const Actor = z.object({
  type: z.enum(["user", "robot", "gateway", "system"]),
  /** A user's subject, or a robot's id. */
  id: z.optional(z.string()),
  /** What to call a user, where the token said it. */
  name: z.optional(z.string()),
});
export type Actor = z.infer<typeof Actor>;
