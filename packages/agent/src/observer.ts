import type { Say } from "@tether/program/say";
import { causes } from "@tether/protocol/cause";
import type { Peer } from "@tether/protocol/peer";
import type { Undrivable } from "@tether/protocol/undrivable";
import type { RobotSession } from "@tether/sdk/robot";

/** Handles a session while the agent keeps it online. Called for each session; the returned function ends the handling. */
export type HandleSession = (session: RobotSession, say: Say) => () => void | Promise<void>;

const undrivable = { undrivable: "driver.none" } as const satisfies Undrivable;

/** The session of a robot without a driver: logs which clients come and go, and tells each of them that nobody can drive. P12 */
export const observer: HandleSession = (session, say) => {
  let isReported = false;
  const { says, remedy } = causes["driver.none"];
  say.event(`${says} ${remedy}`, { event: "driver.none" });

  function notify({ session: peer }: Pick<Peer, "session">): void {
    session.send(peer, { kind: "app", body: undrivable });
  }

  const offs = [
    session.on("state", ({ status }) => {
      if (status !== "online" || isReported) return;
      isReported = true;
      session.report({ cause: "driver.none" });
      for (const peer of session.peers) if (peer.state === "online") notify(peer);
    }),
    session.on("peer.online", ({ peer }) => {
      say.event(`${peer.session} is online.`, { event: "peer.online", peer: peer.session });
      notify(peer);
    }),
    session.on("peer.away", ({ session: peer, cause }) => say.event(`${peer} is away (${cause}).`, { event: "peer.away", peer, cause })),
    session.on("peer.ended", ({ session: peer, cause }) =>
      say.event(`${peer} ended (${cause ?? "unseen"}).`, { event: "peer.ended", peer, cause }),
    ),
  ];
  return () => {
    for (const off of offs) off();
  };
};
