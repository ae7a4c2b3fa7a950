import * as z from "zod/mini";

export const Health = z.object({ status: z.literal("ok"), serverTime: z.int() });
export type Health = z.infer<typeof Health>;
