import * as z from "zod/mini";
import { Actor } from "./actor.ts";
import { Cause } from "./cause.ts";
import { EventId, RobotId, SessionId } from "./id.ts";
import { Text } from "./text.ts";

/** The kinds of entries on a robot's timeline, and their sentences: `{who}` is the session's end, `{by}` the actor. */
export const timelineEvents = {
  "robot.created": "{by} created the robot.",
  "robot.renamed": "{by} renamed the robot.",
  "robot.configured": "{by} changed the robot's settings.",
  "robot.stopped": "{by} stopped the robot.",
  "robot.latched": "{by} put a STOP in force.",
  "robot.resumed": "{by} resumed from the stop.",
  "robot.manoeuvred": "{who} went through the stages of its stop.",
  "robot.reported": "{who} says what befell it.",
  "robot.deleted": "{by} deleted the robot.",
  "grant.given": "{by} gave {to} the role {role}.",
  "grant.removed": "{by} took {to}'s access away.",
  "credential.registered": "{by} registered a key of the robot.",
  "enrollment.created": "{by} made a one-time code for the robot.",
  "credential.enrolled": "{by} enrolled a key with a one-time code.",
  "credential.pending": "{by} announced its next key.",
  "credential.activated": "{by} moved to its next key.",
  "credential.revoked": "{by} revoked a key of the robot.",
  "credential.overdue": "{by} still uses a key that is past its date.",
  "credential.reused": "{by} used a key that was retired or revoked.",
  "credential.cloned": "{by} proved one key from two instances at a time.",
  "session.opening": "{who} is connecting.",
  "session.online": "{who} is online.",
  "session.resumed": "{who} is back online.",
  "session.superseded": "{who} moved to a newer connection.",
  "session.contested": "{who} is claimed by two machines that keep replacing each other.",
  "session.dismissed": "{who} was taken over from, came back all the same, and was sent away.",
  "session.lapsed": "{who} connected but never said hello.",
  "session.renewed": "{who} renewed its lease.",
  "session.expiring": "{who} was warned that its lease ends.",
  "session.expired": "{who} let its lease run out.",
  "session.away": "{who} is away.",
  "session.explained": "{who} was found away; the gateway says how its connection ended.",
  "session.ended": "{who} is gone.",
  "control.granted": "{by} has control.",
  "control.given": "{by} handed control to {to}.",
  "control.unanswered": "{by} has control, since {from} did not answer.",
  "control.taken": "{by} took control from {from}.",
  "control.requested": "{by} asked {from} for control.",
  "control.denied": "{by} refused control to {to}.",
  "control.away": "{from} is away; control is kept for a moment.",
  "control.returned": "{from} is back in time and keeps control.",
  "control.released": "{from} released control.",
  "control.expired": "{from} lost control by not renewing it or not coming back in time.",
  "control.ended": "{from} lost control with the end of the session.",
  "control.revoked": "{from} lost control with the right to it.",
  "control.superseded": "{from} goes on elsewhere and keeps control.",
} as const satisfies Record<string, string>;

export type TimelineType = keyof typeof timelineEvents;
// The schema is made in a call marked as pure, so that a page with a client need not carry the table's words.
/** The kind of an entry: a key of `timelineEvents`. */
export const TimelineType = /* @__PURE__ */ (() => z.enum(Object.keys(timelineEvents) as [TimelineType, ...TimelineType[]]))();

/**
 * Facts that support an entry: numbers and short codes, never what was said between peers. Of an ending `connectionAgeMs` says how
 * old its connection was, `lastSeenAt` when it last surely lived (its hello, its last
 * renewal, or what the gateway saw; it may have lived for two hours since), `awaySince` when a session whose grace is over was found away, and `kid` by which key a robot had proved itself.
 */
export const Evidence = z.record(Text, z.union([Text, z.number(), z.boolean()]));
export type Evidence = z.infer<typeof Evidence>;

/** An entry on a robot's timeline: what happened, when (`at`, ms since the Unix epoch), and who caused it. */
export const TimelineEvent = z.object({
  id: EventId,
  robot: RobotId,
  at: z.int(),
  type: TimelineType,
  session: z.optional(SessionId),
  epoch: z.optional(z.int()),
  cause: z.optional(Cause),
  actor: Actor,
  /** The person whose session the entry is about, where it is a client's. P11 */
  user: z.optional(z.object({ id: Text, name: z.optional(Text) })),
  /** True where nobody said so and the broker concluded it. */
  inferred: z.boolean(),
  evidence: z.optional(Evidence),
});
export type TimelineEvent = z.infer<typeof TimelineEvent>;
