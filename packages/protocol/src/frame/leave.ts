import * as z from "zod/mini";
import { Text } from "../text.ts";
import { FrameId } from "./signal.ts";

/** Ends the session for good. `reason` is for the timeline, in the leaver's words. */
export const Leave = z.object({ type: z.literal("leave"), id: FrameId, reason: z.optional(Text.check(z.maxLength(200))) });
export type Leave = z.infer<typeof Leave>;

/** Keeps the gateway from closing an idle connection. Answered by nobody, read by nobody. */
export const Ping = z.object({ type: z.literal("ping") });
export type Ping = z.infer<typeof Ping>;
