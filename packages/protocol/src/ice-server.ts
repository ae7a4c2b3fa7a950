import * as z from "zod/mini";
import { Text } from "./text.ts";

/** The W3C `RTCIceServer` dictionary. */
export const IceServer = z.object({
  urls: z.union([Text, z.array(Text)]),
  username: z.optional(Text),
  credential: z.optional(Text),
});
export type IceServer = z.infer<typeof IceServer>;
