import * as z from "zod/mini";
import { Account } from "../account.ts";
import { forgiving } from "../forgiving.ts";
import { ManoeuvreReport } from "../manoeuvre-report.ts";
import { StopReport } from "../stop-report.ts";
import { Text } from "../text.ts";
import { FrameId } from "./signal.ts";

/** Ends the session for good. `reason` is for the timeline, in the leaver's words; `why` is a robot's, where it was not asked to leave. */
export const Leave = z.object({
  type: z.literal("leave"),
  id: FrameId,
  reason: z.optional(Text.check(z.maxLength(200))),
  why: Account,
});
export type Leave = z.infer<typeof Leave>;

/** A robot says what befell it while its session goes on, whether a stop is in force, or how the stages of its stop went. */
export const Report = z.object({
  type: z.literal("report"),
  id: FrameId,
  account: Account,
  stop: forgiving(StopReport),
  manoeuvre: forgiving(ManoeuvreReport),
});
export type Report = z.infer<typeof Report>;

/** Keeps the gateway from closing an idle connection. Answered by nobody, read by nobody. */
export const Ping = z.object({ type: z.literal("ping") });
export type Ping = z.infer<typeof Ping>;
