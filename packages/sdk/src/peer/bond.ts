import type { SignalData } from "@tether/protocol/frame/signal";
import type { SessionId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import type { FollowOptions } from "./follow.ts";
import { negotiate } from "./negotiate.ts";

/** The peer connection with one peer. */
export interface Bond {
  receive(data: SignalData): void;
  /** What was on its way when this end's session ended will not arrive. */
  renew(): void;
  /** Whether an offer is of another peer connection than the one at hand: the peer gave that up. W6 */
  isVoidedBy(data: SignalData): boolean;
  /** Keeps it although the peer's session is over, as long as it is up; not where it is up no more. */
  linger(over: () => void): boolean;
  /** Whether the peer is who was at the other end before its session lapsed, and knows of all that was agreed. */
  goesOnWith(peer: Peer): boolean;
  /** The peer has a session of another name. */
  name(peer: SessionId): void;
  /** Closes the peer connection. */
  part(): void;
}

type Env = Omit<FollowOptions, "session"> & { readonly session: Pick<FollowOptions["session"], "send" | "freshIceServers" | "wake"> };

export function bind({ session, polite, connect, control, log }: Env, peer: Peer): Bond {
  let to = peer.session;
  const send = (data: SignalData) => {
    const refused = session.send(to, data);
    if (refused) log?.({ event: "peer.unsent", to, kind: data.kind, problem: refused.problem });
  };
  const pc = connect(peer);
  const leave = control?.join(to, pc);
  const negotiation = negotiate({
    pc,
    polite,
    send,
    freshIceServers: session.freshIceServers,
    disconnected: session.wake,
    ...(log && { log }),
  });
  let stop = () => {};

  function part(): void {
    stop();
    // Before the peer connection, whose end not every engine tells its channels.
    leave?.();
    negotiation.close();
  }

  return {
    receive: (data) => void negotiation.receive(data),
    renew: () => void negotiation.renew(),
    isVoidedBy(data) {
      if (data.kind !== "offer") return false;
      const [known, told] = [fingerprintsOf(pc.remoteDescription?.sdp ?? ""), fingerprintsOf(data.sdp)];
      return known.length > 0 && !told.some((one) => known.includes(one));
    },
    linger(over) {
      if (pc.connectionState !== "connected") return false;
      const look = () => {
        if (pc.connectionState !== "failed" && pc.connectionState !== "closed") return;
        over();
        part();
      };
      pc.addEventListener("connectionstatechange", look);
      stop = () => pc.removeEventListener("connectionstatechange", look);
      return true;
    },
    goesOnWith: ({ instance }) =>
      instance !== undefined && instance === peer.instance && pc.connectionState === "connected" && pc.signalingState === "stable",
    name(id) {
      stop();
      to = id;
    },
    part,
  };
}

/** Whom a description is of: each peer connection has a certificate of its own (RFC 8122 §5). */
function fingerprintsOf(sdp: string): readonly string[] {
  return [...sdp.matchAll(/^a=fingerprint:(\S+ \S+)/gm)].map(([, fingerprint = ""]) => fingerprint.toLowerCase());
}
