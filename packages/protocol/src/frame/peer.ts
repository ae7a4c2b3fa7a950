import * as z from "zod/mini";
import { SessionId } from "../id.ts";
import { Peer, Received } from "../peer.ts";
import { ending } from "./ending.ts";

/** A peer has a live connection. `received` is how far it got with what this end sent. */
export const PeerOnline = z.object({ type: z.literal("peer.online"), peer: Peer, received: z.optional(Received) });
export type PeerOnline = z.infer<typeof PeerOnline>;

const parting = { session: SessionId, epoch: z.int(), ...ending };

/** A peer lost its connection; its session waits for it until `backBy`. */
export const PeerAway = z.object({ type: z.literal("peer.away"), ...parting, backBy: z.int() });
export type PeerAway = z.infer<typeof PeerAway>;

export const PeerEnded = z.object({ type: z.literal("peer.ended"), ...parting });
export type PeerEnded = z.infer<typeof PeerEnded>;
