import * as z from "zod/mini";

/** The API answers, and this is its clock: `serverTime` in ms since the Unix epoch. */
export const Health = z.object({ status: z.literal("ok"), serverTime: z.int() });
export type Health = z.infer<typeof Health>;
