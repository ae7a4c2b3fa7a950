import * as z from "zod/mini";
import { Actor } from "../actor.ts";
import { Control, ControlPolicy, PendingRequest } from "../control.ts";
import { forgiving } from "../forgiving.ts";
import { ClientSessionId } from "../id.ts";
import { said } from "../stop.ts";
import { Text } from "../text.ts";
import { FrameId } from "./signal.ts";

const reason = z.optional(Text.check(z.maxLength(200)));

/**
 * A client asks to drive: granted at once where control is free, else its holder is asked. Sent again it is asked no second time:
 * the answer is where things stand. The present holder is given a fresh permit.
 */
export const ControlRequest = z.object({ type: z.literal("control.request"), id: FrameId });
export type ControlRequest = z.infer<typeof ControlRequest>;

/** The holder hands control over to who asked, or to any operator that is online. */
export const ControlGive = z.object({ type: z.literal("control.give"), id: FrameId, to: ClientSessionId });
export type ControlGive = z.infer<typeof ControlGive>;

export const ControlDeny = z.object({ type: z.literal("control.deny"), id: FrameId, to: ClientSessionId, reason });
export type ControlDeny = z.infer<typeof ControlDeny>;

/** Takes control from its holder, who is told who and why. */
export const ControlTake = z.object({
  type: z.literal("control.take"),
  id: FrameId,
  reason: Text.check(z.minLength(1), z.maxLength(200)),
});
export type ControlTake = z.infer<typeof ControlTake>;

/** The holder drives on: a fresh permit, the same epoch. */
export const ControlRenew = z.object({ type: z.literal("control.renew"), id: FrameId, epoch: z.int() });
export type ControlRenew = z.infer<typeof ControlRenew>;

export const ControlRelease = z.object({ type: z.literal("control.release"), id: FrameId });
export type ControlRelease = z.infer<typeof ControlRelease>;

/** Anyone attached may stop the robot; no lease is asked about, and none is changed: who holds control still does, and resumes at the robot. */
export const Stop = /* @__PURE__ */ (() => z.object({ type: z.literal("stop"), id: forgiving(FrameId), ...said }))();
export type Stop = z.infer<typeof Stop>;

/**
 * Why control changed. `unanswered`: the holder did not answer in time, and the robot's policy is to grant. `superseded`: another instance goes on with the
 * holder's session, in a new epoch. `configured`: an owner changed the policy, and nothing else.
 */
export const ControlBecause = z.enum([
  "granted",
  "given",
  "unanswered",
  "taken",
  "away",
  "returned",
  "released",
  "expired",
  "ended",
  "revoked",
  "superseded",
  "configured",
]);
export type ControlBecause = z.infer<typeof ControlBecause>;

/** To everyone attached, the robot and the holder included, whenever the holder changes, goes away or returns; to clients alone with the `policy` that an owner changed. */
export const ControlChanged = z.object({
  type: z.literal("control.changed"),
  control: Control,
  because: ControlBecause,
  actor: Actor,
  reason,
  policy: z.optional(ControlPolicy),
});
export type ControlChanged = z.infer<typeof ControlChanged>;

/** To the holder: the permit to show to the robot, a compact JWS. `id` is that of the frame it answers; unasked for where control was given. */
export const ControlGranted = z.object({ type: z.literal("control.granted"), id: FrameId, permit: Text, control: Control });
export type ControlGranted = z.infer<typeof ControlGranted>;

/** To who asked while another holds: ask again at `answerBy` unless an answer came before. */
export const ControlAsked = z.object({ type: z.literal("control.asked"), id: FrameId, answerBy: z.int(), control: Control });
export type ControlAsked = z.infer<typeof ControlAsked>;

/** To the holder: someone asks to drive, and until when to answer. */
export const ControlRequested = z.object({ type: z.literal("control.requested"), ...PendingRequest.shape });
export type ControlRequested = z.infer<typeof ControlRequested>;

/** To who asked: no, and who said so: the holder, or `system` where the holder did not answer. `reason` in the holder's words. */
export const ControlDenied = z.object({ type: z.literal("control.denied"), id: FrameId, actor: Actor, reason });
export type ControlDenied = z.infer<typeof ControlDenied>;

/** To every client attached, who pressed included: a stop was ordered, and by whom. `reached` says whether the robot could be told. */
export const RobotStopped = z.object({
  type: z.literal("robot.stopped"),
  at: z.int(),
  by: Actor,
  /** Absent where it was pressed outside of any session. */
  session: z.optional(ClientSessionId),
  reached: z.boolean(),
  ...said,
});
export type RobotStopped = z.infer<typeof RobotStopped>;

/** To the robot, in the broker's own words who it is from. */
export const StopOrdered = z.object({
  type: z.literal("stop"),
  by: forgiving(Actor),
  session: forgiving(ClientSessionId),
  ...said,
});
export type StopOrdered = z.infer<typeof StopOrdered>;
