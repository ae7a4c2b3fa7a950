import type { Say } from "@tether/program/say";
import type { RobotSession } from "@tether/sdk/robot";

/** What the robot does with its session while the agent keeps that online. Called for each session; what it returns ends it. */
export type Attend = (session: RobotSession, say: Say) => () => void | Promise<void>;

/** Says who comes and goes. */
export const onlooker: Attend = (session, say) => {
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
