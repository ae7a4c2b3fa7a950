import * as z from "zod/mini";
import { Account } from "../account.ts";
import { InstanceId } from "../id.ts";
import { Received } from "../peer.ts";
import { Text } from "../text.ts";
import { FrameId } from "./signal.ts";

/** The first frame of a connection: makes it the session's live one. */
export const Hello = z.object({
  type: z.literal("hello"),
  id: FrameId,
  protocol: z.int(),
  features: z.array(Text.check(z.maxLength(40))).check(z.maxLength(32)),
  instance: InstanceId,
  /** The last signal received of each peer's stream, so that each peer knows what to send again. */
  received: z.record(Text, Received),
  /** The end of the robot's run before, where that run did not sign off; sent with the first hello of a run. */
  before: Account,
});
export type Hello = z.infer<typeof Hello>;

/** The feature of an end that sends `ping` as E4 says: where the gateway finds it silent, its network was gone. */
export const keepaliveFeature = "keepalive";

/** The version this package describes. */
export const protocolVersion = 1;
