import * as z from "zod/mini";
import { RobotId, SessionId } from "../id.ts";
import { Role } from "../role.ts";
import { Text } from "../text.ts";
import { Ending } from "./ending.ts";
import { pageOf } from "./page.ts";

/** A session as its robot's users see it, live or past. */
export const Session = z.object({
  id: SessionId,
  robot: RobotId,
  kind: z.enum(["robot", "client"]),
  state: z.enum(["opening", "online", "away", "expired", "ended"]),
  epoch: z.int(),
  startedAt: z.int(),
  /** Since when it is in this state. */
  since: z.int(),
  authExpiresAt: z.int(),
  backBy: z.optional(z.int()),
  user: z.optional(z.object({ id: Text, role: Role, name: z.optional(Text) })),
  /** Whether the session is told of the frames at its robot. */
  monitors: z.optional(z.boolean()),
  ending: z.optional(Ending),
});
export type Session = z.infer<typeof Session>;

/** The live ones first, then the past ones, newest first. */
export const SessionPage = pageOf(Session);

/** Ends a session; the reason is shown to its end, in the words of who ended it. */
export const SessionEnd = z.object({ reason: z.optional(Text.check(z.maxLength(200))) });
export type SessionEnd = z.infer<typeof SessionEnd>;
