import type { Say } from "@tether/program/say";
import type { RobotSession } from "@tether/sdk/robot";

/** Handles a session while the agent keeps it online. Called for each session; the returned function ends the handling. */
export type HandleSession = (session: RobotSession, say: Say) => () => void | Promise<void>;

/** Logs which clients come and go. */
export const observer: HandleSession = (session, say) => {
  const offs = [
    session.on("peer.online", ({ peer }) => say.event(`${peer.session} is online.`, { event: "peer.online", peer: peer.session })),
    session.on("peer.away", ({ session: peer, cause }) => say.event(`${peer} is away (${cause}).`, { event: "peer.away", peer, cause })),
    session.on("peer.ended", ({ session: peer, cause }) =>
      say.event(`${peer} ended (${cause ?? "unseen"}).`, { event: "peer.ended", peer, cause }),
    ),
  ];
  return () => {
    for (const off of offs) off();
  };
};
