import * as z from "zod/mini";

/** The body of the `app` signal by which a robot tells a client that nobody can drive it, and why. P12 */
export const Undrivable = z.object({ undrivable: z.literal("driver.none") });
export type Undrivable = z.infer<typeof Undrivable>;
