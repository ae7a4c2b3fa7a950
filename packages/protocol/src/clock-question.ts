import * as z from "zod/mini";

/** The body of the `app` signal by which a client asks for the robot's clock. P17 */
export const ClockQuestion = z.object({ ask: z.literal("clock") });
export type ClockQuestion = z.infer<typeof ClockQuestion>;

/** The body of the answer: what the robot's machine believes the time is, in ms since the Unix epoch. */
export const ClockAnswer = z.object({ clock: z.int() });
export type ClockAnswer = z.infer<typeof ClockAnswer>;
