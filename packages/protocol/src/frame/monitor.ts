import * as z from "zod/mini";
import { SessionId } from "../id.ts";
import { OpenCode } from "../open-code.ts";
import { Text } from "../text.ts";
import { UndeliveredReason } from "./signal.ts";

/** The name by which `hello.features` asks for monitoring and `welcome.features` grants it. */
export const monitorFeature = "monitor";

/** A frame's outcome. `done`: the broker answered it itself. */
export const Verdict = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("posted") }),
  z.object({ outcome: z.literal("done") }),
  z.object({ outcome: z.literal("undelivered"), reason: UndeliveredReason }),
  z.object({
    outcome: z.literal("refused"),
    code: OpenCode,
    says: Text,
    remedy: Text,
    /** The names of what was wrong, never the input. */
    fields: z.optional(z.array(Text)),
  }),
]);
export type Verdict = z.infer<typeof Verdict>;

/** The kind of a frame whose type could not be read. */
export const unreadable = "unreadable";

/** An end, and a client's user. */
export const SeenEnd = z.object({
  session: SessionId,
  user: z.optional(z.object({ id: Text, name: z.optional(Text) })),
});
export type SeenEnd = z.infer<typeof SeenEnd>;

/**
 * Tells those who monitor a robot that someone sent a frame: sender, kind, size and outcome, never its content. These frames come in no
 * order; `at` is when the verdict was known, in ms since the Unix epoch, by the broker's clock.
 */
export const FrameSeen = z.object({
  type: z.literal("frame.seen"),
  at: z.int(),
  from: SeenEnd,
  /** Absent where it was for the broker. */
  to: z.optional(SeenEnd),
  /** A signal's kind, the type of any other frame, or `unreadable`. */
  kind: Text.check(z.maxLength(40)),
  /** Of the whole frame as it came. */
  bytes: z.int().check(z.nonnegative()),
  verdict: Verdict,
});
export type FrameSeen = z.infer<typeof FrameSeen>;

/** To who monitored and no longer may: its session goes on, and sees nothing more. */
export const MonitorEnded = z.object({ type: z.literal("monitor.ended") });
export type MonitorEnded = z.infer<typeof MonitorEnded>;
