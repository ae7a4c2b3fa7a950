import * as z from "zod/mini";
import { isWithin } from "../depth.ts";
import { SessionId } from "../id.ts";
import { limits } from "../limits.ts";
import { OpenCode } from "../open-code.ts";
import { Received } from "../peer.ts";
import { Text } from "../text.ts";

const ufrag = z.optional(Text.check(z.maxLength(256)));

const candidate = {
  /** Empty: no more candidates of this generation (RFC 8838 §8.2). */
  candidate: Text,
  sdpMid: z.nullable(Text),
  sdpMLineIndex: z.nullable(z.int()),
  /** The generation the candidate belongs to. */
  ufrag,
};

/** The data that peers exchange. The broker reads its kind and size, nothing else. */
export const SignalData = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("offer"), sdp: Text }),
  /** `offer`: a generation of the offer that it answers. W3.3 */
  z.object({ kind: z.literal("answer"), sdp: Text, offer: ufrag }),
  z.object({ kind: z.literal("candidate"), ...candidate }),
  /** Several candidates, in the order in which they were found. W3.2 */
  z.object({
    kind: z.literal("candidates"),
    candidates: z.array(z.object(candidate)).check(z.minLength(1), z.maxLength(limits.signal.candidates)),
  }),
  z.object({ kind: z.literal("restart"), ufrag }),
  /** The robot makes no peer connection for this client now. It may offer again after `retryAfterMs`. W7 */
  z.object({ kind: z.literal("refused"), problem: OpenCode, retryAfterMs: z.int().check(z.nonnegative()) }),
  z.object({ kind: z.literal("app"), body: z.unknown().check(z.refine((body) => isWithin(body, limits.signal.depth))) }),
]);
export type SignalData = z.infer<typeof SignalData>;

const place = {
  /** Grows when either end starts afresh; `seq` begins at 1 in each. */
  stream: z.int().check(z.positive()),
  seq: z.int().check(z.positive()),
};

/** A frame's name for itself, echoed in what the broker answers to it. */
export const FrameId = z.optional(Text.check(z.maxLength(64)));

// The schema is made in a call marked as pure, so that a page with a client, which reads none, need not carry it.
export const Signal = /* @__PURE__ */ (() =>
  z.object({
    type: z.literal("signal"),
    id: FrameId,
    to: SessionId,
    ...place,
    /** The last signal that the sender received of the recipient's own stream. */
    received: z.optional(Received),
    data: SignalData,
  }))();
export type Signal = z.infer<typeof Signal>;

export const SignalRelayed = z.object({
  type: z.literal("signal"),
  /** The broker's word, never the sender's. */
  from: SessionId,
  ...place,
  received: z.optional(Received),
  data: SignalData,
});
export type SignalRelayed = z.infer<typeof SignalRelayed>;

/** Acknowledges signals where there is none to send; after a gap it asks for what is missing. */
export const Ack = z.object({ type: z.literal("ack"), id: FrameId, to: SessionId, received: Received });
export type Ack = z.infer<typeof Ack>;

export const AckRelayed = z.object({ type: z.literal("ack"), from: SessionId, received: Received });
export type AckRelayed = z.infer<typeof AckRelayed>;

/** `away`: send again when the peer is online. `busy`: send again after a wait. `ended`: the peer is gone for good. */
export const UndeliveredReason = z.enum(["away", "busy", "ended"]);
export type UndeliveredReason = z.infer<typeof UndeliveredReason>;

/** A signal that was not posted to the peer's live connection. */
export const Undelivered = z.object({
  type: z.literal("undelivered"),
  id: FrameId,
  to: SessionId,
  ...place,
  reason: UndeliveredReason,
});
export type Undelivered = z.infer<typeof Undelivered>;
