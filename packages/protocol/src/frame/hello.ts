import * as z from "zod/mini";
import { Account } from "../account.ts";
import { InstanceId } from "../id.ts";
import { limits } from "../limits.ts";
import { Received, TrackKind } from "../peer.ts";
import { Text } from "../text.ts";
import { FrameId } from "./signal.ts";

// The schema is made in a call marked as pure, so that a page with a client need not carry it.
/** The first frame of a connection: makes it the session's live one. */
export const Hello = /* @__PURE__ */ (() =>
  z.object({
    type: z.literal("hello"),
    id: FrameId,
    protocol: z.int(),
    features: z.array(Text.check(z.maxLength(40))).check(z.maxLength(32)),
    instance: InstanceId,
    /** The last signal received of each peer's stream, so that each peer knows what to send again. */
    received: z.record(Text, Received),
    /** The end of the robot's run before, where that run did not sign off; sent with the first hello of a run. */
    before: Account,
    /** The kinds of the tracks that a robot sends, in their order: its clients offer a place for each. W1.2 */
    tracks: z.optional(z.array(TrackKind).check(z.maxLength(limits.peer.tracks))),
  }))();
export type Hello = z.infer<typeof Hello>;

/** The feature of an end that sends `ping` as E4 says: where the gateway finds it silent, its network was gone. */
export const keepaliveFeature = "keepalive";

/** The version this package describes. */
export const protocolVersion = 1;
