import * as z from "zod/mini";
import { IceServer } from "../ice-server.ts";

/** For a peer connection that begins, or restarts, now. */
export const IceServers = z.object({ iceServers: z.array(IceServer), serverTime: z.int() });
export type IceServers = z.infer<typeof IceServers>;
