import * as z from "zod/mini";
import { InstanceId, SessionId } from "./id.ts";
import { Role } from "./role.ts";
import { Text } from "./text.ts";

/** A kind of WebRTC track. */
export const TrackKind = z.enum(["video", "audio"]);
export type TrackKind = z.infer<typeof TrackKind>;

/** A session as the other end is told of it: a robot's, or a client's. */
export const Peer = z.object({
  session: SessionId,
  kind: z.enum(["robot", "client"]),
  state: z.enum(["online", "away"]),
  /** Grows with every connection of the session. */
  epoch: z.int().check(z.nonnegative()),
  /** Changes when the other SDK starts afresh: all it remembered is gone. */
  instance: z.optional(InstanceId),
  /** When an away session ends unless it returns. */
  backBy: z.optional(z.int()),
  /** The kinds of the tracks that a robot sends, in their order. W1.2 */
  tracks: z.optional(z.array(TrackKind)),
  /** A client's user: subject, role and, where the token had one, a name to show. */
  user: z.optional(z.object({ id: Text, role: Role, name: z.optional(Text) })),
});
export type Peer = z.infer<typeof Peer>;

/**
 * A place in a stream of signals: all up to `seq` of `stream` arrived. `next` is the first after a gap that arrived too: what lies between
 * is missing.
 */
export const Received = z.object({
  stream: z.int().check(z.positive()),
  seq: z.int().check(z.nonnegative()),
  next: z.optional(z.int().check(z.positive())),
});
export type Received = z.infer<typeof Received>;
