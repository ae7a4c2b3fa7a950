import * as z from "zod/mini";
import { Actor } from "../actor.ts";
import { Text } from "../text.ts";
import { Ending } from "./ending.ts";

/** `offline`: it has no session. */
export const PresenceState = z.enum(["opening", "online", "away", "expired", "offline"]);

/** A robot's presence: the state of its session, and who drives. Instants in ms since the Unix epoch. */
export const Presence = z.object({
  state: PresenceState,
  /** Since when. Of a robot that is offline: since its last session ended; left out where none is known. */
  since: z.optional(z.int()),
  /** Until when a robot that is away is waited for. */
  backBy: z.optional(z.int()),
  ending: z.optional(Ending),
  /** The holder of control, since when, and until when control is kept for a holder that is away. */
  driver: z.optional(z.object({ id: Text, name: z.optional(Text), since: z.int(), keptUntil: z.optional(z.int()) })),
  /** The stop in force, by the robot's own word: who pressed STOP, and since when it holds. */
  stop: z.optional(z.object({ by: Actor, since: z.int() })),
});
export type Presence = z.infer<typeof Presence>;
