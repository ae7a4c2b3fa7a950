import type { Peer } from "@tether/protocol/peer";
import type { Reason } from "../reason.ts";
import type { Session, SessionEvents, Status } from "../session/session.ts";

/** The state of a session as one value, which is replaced by a new one whenever anything of it changes. */
export type SessionView<Watched> = {
  readonly session: Watched;
  readonly status: Status;
  /** The reason why the session waits or stopped: the fact, and the first thing to do about it. */
  readonly why: Reason | undefined;
  readonly peers: readonly Peer[];
  /** In ms since the Unix epoch, by the server's clock; undefined until the first welcome. */
  readonly deadlines: SessionEvents["deadlines"] | undefined;
};

export type Watch<Watched> = {
  view(): SessionView<Watched>;
  subscribe(changed: () => void): () => void;
  stop(): void;
};

/** Follows a session's events, for whatever draws it. */
export function watch<Watched extends Pick<Session, "on" | "status" | "peers">>(session: Watched): Watch<Watched> {
  const listeners = new Set<() => void>();
  let view: SessionView<Watched> = { session, status: session.status, why: undefined, peers: [...session.peers], deadlines: undefined };

  function become(part: Partial<SessionView<Watched>>): void {
    view = { ...view, ...part };
    for (const changed of [...listeners]) changed();
  }

  const refreshPeers = () => become({ peers: [...session.peers] });
  const offs = [
    session.on("state", ({ status, why }) => become({ status, why })),
    session.on("peer.online", refreshPeers),
    session.on("peer.away", refreshPeers),
    session.on("peer.ended", refreshPeers),
    session.on("deadlines", (deadlines) => become({ deadlines })),
  ];
  return {
    view: () => view,
    subscribe(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    stop() {
      for (const off of offs) off();
      listeners.clear();
    },
  };
}
