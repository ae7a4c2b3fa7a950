import * as z from "zod/mini";
import { Actor } from "../actor.ts";
import { SessionId } from "../id.ts";
import { OpenCode } from "../open-code.ts";
import { Peer, Received } from "../peer.ts";

/** A peer has a live connection. `received` is how far it got with what this end sent. */
export const PeerOnline = z.object({ type: z.literal("peer.online"), peer: Peer, received: z.optional(Received) });
export type PeerOnline = z.infer<typeof PeerOnline>;

const ending = {
  session: SessionId,
  epoch: z.int(),
  cause: OpenCode,
  actor: Actor,
  /** True where nobody said so and the broker concluded it. */
  inferred: z.boolean(),
};

/** A peer lost its connection; its session waits for it until `backBy`. */
export const PeerAway = z.object({ type: z.literal("peer.away"), ...ending, backBy: z.int() });
export type PeerAway = z.infer<typeof PeerAway>;

export const PeerEnded = z.object({ type: z.literal("peer.ended"), ...ending });
export type PeerEnded = z.infer<typeof PeerEnded>;
