import type { Account } from "@tether/protocol/account";
import type { Actor } from "@tether/protocol/actor";
import type { SignalData, Undelivered } from "@tether/protocol/frame/signal";
import type { Welcome } from "@tether/protocol/frame/welcome";
import type { IceServer } from "@tether/protocol/ice-server";
import type { SessionId } from "@tether/protocol/id";
import type { OpenCode } from "@tether/protocol/open-code";
import type { Peer } from "@tether/protocol/peer";
import type { Problem } from "@tether/protocol/problem";
import type { Evidence } from "@tether/protocol/timeline";
import type { Reason } from "../reason.ts";
import type { Away, DropReason } from "../signalling/interface.ts";

/** The state of a session for its user: a hand-over between connections is `online` all along. */
export type Status = "idle" | "connecting" | "online" | "waiting" | "leaving" | "stopped";

/** The events of a session by their names. */
export type SessionEvents = {
  /** `why` is the reason why the session waits or stopped: the fact, and the first thing to do about it. */
  state: { readonly status: Status; readonly why?: Reason };
  /** `restarted`: the peer started afresh and remembers nothing; peer connections with it are void. */
  "peer.online": { readonly peer: Peer; readonly restarted: boolean };
  "peer.away": Away;
  /** Without a cause where the peer was gone when this end came back. */
  "peer.ended": {
    readonly session: SessionId;
    readonly cause?: OpenCode;
    readonly actor?: Actor;
    readonly inferred?: boolean;
    readonly evidence?: Evidence;
  };
  /** A peer sent a signal. Each comes once, in the order of its sending. */
  signal: { readonly from: SessionId; readonly data: SignalData };
  /** A signal was not delivered now. The SDK sends it again by itself, unless `reason` is `ended`. */
  undelivered: Pick<Undelivered, "to" | "stream" | "seq" | "reason">;
  /** Signals that were sent will never arrive. */
  dropped: { readonly to: SessionId; readonly data: readonly SignalData[]; readonly why: DropReason };
  /** Instants in ms since the Unix epoch, by the server's clock. */
  deadlines: Welcome["deadlines"];
};

/** The session of an end with the broker, which outlives its connections. */
export interface Session<Id extends SessionId = SessionId> {
  /** Calling what it returns takes the listener off again. */
  on<Name extends keyof SessionEvents>(name: Name, listener: (event: SessionEvents[Name]) => void): () => void;
  /**
   * Sends a signal to a peer, exactly once and in order as long as both ends live. Answers a problem where it cannot:
   * `signal.target` (no such peer), `frame.too-large` (over 28 KB), `frame.invalid` (not JSON), `signal.backlog` (256 signals
   * are unacknowledged).
   */
  send(to: SessionId, data: SignalData): Problem | undefined;
  /** Ends the session for good. Resolves once the broker knows, or after 5 s. `reason` is for the timeline, and so is a robot's `why`, where nobody asked it to. */
  leave(reason?: string, why?: Account): Promise<void>;
  /** Drops the connection without ending the session, which can be resumed within its grace. */
  close(): void;
  /** Says that the machine woke or the network came back: shortens a wait, and checks the lease and the connection. */
  wake(): void;
  readonly status: Status;
  readonly peers: readonly Peer[];
  /** Undefined until the first welcome. */
  readonly id: Id | undefined;
  readonly epoch: number | undefined;
  /** The server's clock, by which all deadlines are: ms since the Unix epoch. Undefined until the first welcome. */
  readonly serverTime: number | undefined;
  /** The newest ICE servers that were given. Their credentials live 4 h. */
  readonly iceServers: readonly IceServer[];
  /** Asks for new ICE servers, before an ICE restart. Answers the newest known where none come within 5 s; never rejects. */
  freshIceServers(): Promise<readonly IceServer[]>;
}
