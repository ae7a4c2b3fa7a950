import type { SignalData } from "@tether/protocol/frame/signal";
import type { SessionId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import type { Joins } from "../control/channel.ts";
import type { Log } from "../log.ts";
import type { Session } from "../session/session.ts";
import { type Negotiation, negotiate } from "./negotiate.ts";

export type FollowOptions = {
  readonly session: Pick<Session, "on" | "send" | "peers" | "freshIceServers">;
  readonly polite: boolean;
  /** Makes the peer connection for a peer, with its data channels and tracks. */
  readonly connect: (peer: Peer) => RTCPeerConnection;
  /** A client's `session.control` or a robot's guard: its channels come with every peer connection. */
  readonly control?: Joins;
  readonly log?: Log;
};

/**
 * Keeps one peer connection for each peer. It outlives any outage of the signalling: it is closed only when the peer
 * started afresh, and is then made anew, or when its session ended (W5). Calling what it returns closes all.
 */
export function follow({ session, polite, connect, control, log }: FollowOptions): () => void {
  const negotiations = new Map<SessionId, Negotiation>();
  const leaves = new Map<SessionId, () => void>();

  function part(id: SessionId): void {
    // Before the peer connection, whose end not every engine tells its channels.
    leaves.get(id)?.();
    leaves.delete(id);
    negotiations.get(id)?.close();
    negotiations.delete(id);
  }

  function meet(peer: Peer, reborn: boolean): void {
    const id = peer.session;
    if (reborn) part(id);
    if (negotiations.has(id)) return;
    const send = (data: SignalData) => {
      const refused = session.send(id, data);
      if (refused) log?.({ event: "peer.unsent", to: id, kind: data.kind, problem: refused.problem });
    };
    const pc = connect(peer);
    if (control) leaves.set(id, control.join(id, pc));
    negotiations.set(id, negotiate({ pc, polite, send, freshIceServers: session.freshIceServers, ...(log && { log }) }));
  }

  /** A signal may come before the word that its peer is online: it proves it. */
  function hear(from: SessionId, data: SignalData): void {
    const peer = session.peers.find((one) => one.session === from);
    if (peer) meet(peer, false);
    void negotiations.get(from)?.receive(data);
  }

  const offs = [
    session.on("peer.online", ({ peer, reborn }) => meet(peer, reborn)),
    session.on("peer.ended", ({ session: id }) => part(id)),
    session.on("signal", ({ from, data }) => hear(from, data)),
  ];
  for (const peer of session.peers) if (peer.state === "online") meet(peer, false);
  return () => {
    for (const off of offs) off();
    for (const id of [...negotiations.keys()]) part(id);
  };
}
