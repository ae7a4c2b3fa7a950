import type { FromBroker } from "@tether/protocol/frame";
import type { PeerAway, PeerEnded } from "@tether/protocol/frame/peer";
import type { Ack, Signal, SignalData, Undelivered } from "@tether/protocol/frame/signal";
import type { Welcome } from "@tether/protocol/frame/welcome";
import type { SessionId } from "@tether/protocol/id";
import type { Peer, Received } from "@tether/protocol/peer";
import type { Problem } from "@tether/protocol/problem";
import type { Clock } from "../clock.ts";

/** A peer whose connection broke: it is waited for until `backBy`, in ms since the Unix epoch. Without a cause it was away when this end came back. */
export type Away = Pick<PeerAway, "session"> & Partial<Pick<PeerAway, "backBy" | "cause" | "actor" | "inferred" | "evidence">>;

/** The reason why signals that were sent will never arrive. `restarted`: the peer started afresh. `replaced`: this end's session is a new one. */
export type DropReason = "restarted" | "ended" | "replaced";

export type SignallingEnv = {
  readonly clock: Clock;
  /** Sends on the live connection; where there is none the frame is dropped. */
  readonly transmit: (frame: Signal | Ack) => void;
  readonly signal: (from: SessionId, data: SignalData) => void;
  readonly online: (peer: Peer, restarted: boolean) => void;
  /** Without a cause where the peer was away when this end came back. */
  readonly away: (word: Away) => void;
  /** Without a frame where the peer was gone when this end came back. */
  readonly ended: (session: SessionId, frame: PeerEnded | undefined) => void;
  readonly undelivered: (frame: Undelivered) => void;
  /** The broker is to be asked how all stand: a signal is not acknowledged in time, or a peer may be away no more. */
  readonly unacknowledged: () => void;
  readonly dropped: (to: SessionId, data: readonly SignalData[], why: DropReason) => void;
};

export type Signalling = {
  send(to: SessionId, data: SignalData): Problem | undefined;
  hear(frame: FromBroker): void;
  /** Takes over what welcome says. `broken`: frames may have been lost since the one before. */
  welcome(welcome: Welcome, broken: boolean): void;
  /** A frame of ours was lost and nobody knows which. */
  failed(): void;
  /** The last signal received of each peer, for hello. */
  hello(): Record<string, Received>;
  peers(): readonly Peer[];
  end(): void;
};
