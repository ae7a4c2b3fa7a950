import * as z from "zod/mini";
import { Text } from "./text.ts";

/** An actor is who caused something. `gateway` and `system` have no id. */
export const Actor = z.object({
  type: z.enum(["user", "robot", "gateway", "system"]),
  /** A user's subject, or a robot's id. */
  id: z.optional(Text),
  /** The user's name, where the token gave it. */
  name: z.optional(Text),
});
export type Actor = z.infer<typeof Actor>;
