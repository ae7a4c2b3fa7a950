import * as z from "zod/mini";
import { Actor } from "./actor.ts";
import { ClientSessionId } from "./id.ts";

/**
 * Whether a stop is in force at a robot. Its `session` is the client's that stopped or resumed over a channel; `by` is who the broker
 * said had pressed STOP. Neither is known of a stop from before the robot's program began.
 */
export const StopReport = z.object({
  inForce: z.boolean(),
  session: z.optional(ClientSessionId),
  by: z.optional(Actor),
});
export type StopReport = z.infer<typeof StopReport>;
