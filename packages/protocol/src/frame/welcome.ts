import * as z from "zod/mini";
import { ControlWelcome } from "../control.ts";
import { IceServer } from "../ice-server.ts";
import { RobotId, SessionId } from "../id.ts";
import { Peer } from "../peer.ts";
import { Text } from "../text.ts";

/** The answer to hello: from now on frames flow. Instants in ms since the Unix epoch, by the broker's clock. */
export const Welcome = z.object({
  type: z.literal("welcome"),
  session: z.object({ id: SessionId, epoch: z.int(), resumed: z.boolean() }),
  robot: RobotId,
  serverTime: z.int(),
  deadlines: z.object({
    /** When the lease is over unless renewed. */
    authExpiresAt: z.int(),
    /** When the gateway cuts this connection. */
    connectionEndsAt: z.int(),
  }),
  peers: z.array(Peer),
  iceServers: z.array(IceServer),
  /** The features of those that hello asked for which this connection has; absent where hello asked for none, and from an older broker. */
  features: z.optional(z.array(Text.check(z.maxLength(40)))),
  /** Absent from a broker without control. */
  control: z.optional(ControlWelcome),
});
export type Welcome = z.infer<typeof Welcome>;
