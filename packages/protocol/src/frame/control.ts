import * as z from "zod/mini";
import { Actor } from "../actor.ts";
import { Control } from "../control.ts";
import { ClientSessionId } from "../id.ts";
import { FrameId } from "./signal.ts";

const reason = z.optional(z.string().check(z.maxLength(200)));

/** A client asks to drive: granted at once where control is free, else its holder is asked. */
export const ControlRequest = z.object({ type: z.literal("control.request"), id: FrameId });
/** The holder hands control over to who asked, or to any attached operator. */
export const ControlGive = z.object({ type: z.literal("control.grant"), id: FrameId, to: ClientSessionId });
export const ControlDeny = z.object({ type: z.literal("control.deny"), id: FrameId, to: ClientSessionId, reason });
/** Takes control from its holder, who is told who and why. */
export const ControlTake = z.object({
  type: z.literal("control.take"),
  id: FrameId,
  reason: z.string().check(z.minLength(1), z.maxLength(200)),
});
/** The holder drives on: a fresh grant, the same epoch. */
export const ControlRenew = z.object({ type: z.literal("control.renew"), id: FrameId, epoch: z.int() });
export const ControlRelease = z.object({ type: z.literal("control.release"), id: FrameId });
/** Anyone attached may stop the robot; no lease is asked about. */
export const Stop = z.object({ type: z.literal("stop"), id: FrameId, reason });

/** To everyone attached and to the robot, whenever the holder changes, goes away or returns. */
export const ControlChanged = z.object({
  type: z.literal("control.changed"),
  control: Control,
  /** Why: `released`, `granted`, `taken`, `expired`, `away`, `returned`, `ended`, `revoked`. */
  because: z.enum(["granted", "given", "taken", "released", "expired", "away", "returned", "ended", "revoked", "stopped"]),
  actor: Actor,
  reason,
});
/** To the holder: the grant to show to the robot, a compact JWS. */
export const ControlGranted = z.object({ type: z.literal("control.granted"), id: FrameId, grant: z.string(), control: Control });
/** To the holder: someone asks to drive, and until when to answer. */
export const ControlRequested = z.object({
  type: z.literal("control.requested"),
  from: ClientSessionId,
  user: z.object({ id: z.string(), name: z.optional(z.string()) }),
  answerBy: z.int(),
});
/** To who asked: no, and who said so. `reason` in the holder's words. */
export const ControlDenied = z.object({ type: z.literal("control.denied"), id: FrameId, actor: Actor, reason });
/** To the robot. */
export const StopOrdered = z.object({ type: z.literal("stop"), by: Actor, session: ClientSessionId, reason });
