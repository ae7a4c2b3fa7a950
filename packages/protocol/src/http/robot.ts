import * as z from "zod/mini";
import { ControlPolicy } from "../control.ts";
import { RobotId } from "../id.ts";
import { limits } from "../limits.ts";
import { Role } from "../role.ts";
import { Text } from "../text.ts";
import { Cursor, pageOf } from "./page.ts";
import { Presence, PresenceState } from "./presence.ts";

const RobotName = Text.check(z.trim(), z.minLength(1), z.maxLength(80));

/** A robot's name has 1 to 80 characters, and need not be the only one of its name. */
export const RobotCreate = z.object({ name: RobotName });
export type RobotCreate = z.infer<typeof RobotCreate>;

const { least, most } = limits.session.graceMs;
const graceMs = z.int().check(z.gte(least), z.lte(most));

const Grace = z.object({ robotMs: graceMs, clientMs: graceMs });
/** The time in ms that the robot's session, and a client's, waits for its connection to come back. */
export type Grace = z.infer<typeof Grace>;

/** Each setting that is named is changed. A grace counts for sessions that begin from then on, a policy for the next grant. */
export const RobotChange = z.object({
  name: z.optional(RobotName),
  control: z.optional(z.partial(ControlPolicy)),
  grace: z.optional(z.partial(Grace)),
});
export type RobotChange = z.infer<typeof RobotChange>;

/** A robot as one of its users sees it. `createdAt` is ms since the Unix epoch. */
export const Robot = z.object({
  id: RobotId,
  name: Text,
  createdAt: z.int(),
  /** The caller's role. */
  role: Role,
  control: ControlPolicy,
  grace: Grace,
  /** Given where robots are listed or read. The presence may be a moment old. */
  presence: z.optional(Presence),
});
export type Robot = z.infer<typeof Robot>;

/** A page of the robots that the caller has a role on. */
export const RobotPage = pageOf(Robot);

const areIds = (text: unknown) => {
  const ids = String(text).split(",");
  return ids.length <= limits.http.pageItems && ids.every((id) => RobotId.safeParse(id).success);
};

/** The robots that are listed: those with this text in their name, in this state, and of these ids, which commas part. */
export const RobotQuery = z.object({
  cursor: Cursor,
  name: z.optional(Text.check(z.minLength(1), z.maxLength(80))),
  state: z.optional(PresenceState),
  robots: z.optional(Text.check(z.refine(areIds))),
});
export type RobotQuery = z.infer<typeof RobotQuery>;
