import * as z from "zod/mini";
import { Text } from "./text.ts";

/** Who caused something. `gateway` and `system` have no id. */
export const Actor = z.object({
  type: z.enum(["user", "robot", "gateway", "system"]),
  /** A user's subject, or a robot's id. */
  id: z.optional(Text),
  /** What to call a user, where the token said it. */
  name: z.optional(Text),
});
export type Actor = z.infer<typeof Actor>;
