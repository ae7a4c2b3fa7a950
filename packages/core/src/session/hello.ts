import { type Hello, keepaliveFeature, protocolVersion } from "@tether/protocol/frame/hello";
import { monitorFeature } from "@tether/protocol/frame/monitor";
import type { Welcome } from "@tether/protocol/frame/welcome";
import type { IceServer } from "@tether/protocol/ice-server";
import { limits } from "@tether/protocol/limits";
import type { Peer } from "@tether/protocol/peer";
import { type Problem, problem } from "@tether/protocol/problem";
import type { ControlKeys } from "../control/key-ring.ts";
import { toWelcome } from "../control/welcome.ts";
import { closeAll } from "../delivery/close.ts";
import { applyDue } from "../delivery/control.ts";
import { type Env, notify } from "../delivery/notify.ts";
import { hasRoom } from "../live/monitor.ts";
import { peerOf } from "../live/peer.ts";
import { type Live, own, peersOf, readLive } from "../live/read.ts";
import type { Identity, Online, Session } from "../live/session.ts";
import { apply } from "../machine/session/write.ts";
import { confirm } from "../monitor/confirm.ts";

type HelloEnv = Env & { iceServers: readonly IceServer[]; controlKeys: ControlKeys };

/**
 * Makes a connection its session's live one, tells the peers, and answers what welcome says. The peers are read after
 * the write: of two ends that say hello at the same time at least one sees the other.
 */
export async function answerHello(env: HelloEnv, identity: Identity, hello: Hello): Promise<Welcome | Problem> {
  if (hello.protocol !== protocolVersion) return problem("protocol.unsupported"); // H3
  const { connection, robotId, kind } = identity;
  const at = env.clock.now();
  const read = await readLive(env, robotId, "consistent");
  const seen = own(read, identity);
  if (!seen) return problem("session.superseded");
  const monitors = hello.features.includes(monitorFeature) && hasRoom(read.sessions, identity, at);
  const keepsAlive = hello.features.includes(keepaliveFeature);
  // No word of a client's counts.
  const { before, tracks } = kind === "robot" ? hello : { before: undefined, tracks: undefined };
  const applied = await apply(env, seen, {
    type: "greeted",
    at,
    connectionId: connection.id,
    instance: hello.instance,
    monitors,
    keepsAlive,
    before,
    tracks,
  });
  const session = applied.session?.state === "online" ? await confirm(env, applied.session) : undefined;
  if (session?.connection.id !== connection.id) {
    if (applied.changed) await closeAll(env, applied.closings);
    return problem("session.superseded");
  }
  const live = await applyDue(env, await readLive(env, robotId, "consistent"));
  const peers = peersOf(live.sessions, kind);
  const features = hello.features.includes(monitorFeature) && { features: session.monitors ? [monitorFeature] : [] };
  if (!applied.changed) return { ...welcome(env, session, peers, live), ...features };
  const peer = peerOf(session);
  const [reached] = await Promise.all([
    peer ? notify(env, live, peers, ({ sessionId }) => ({ type: "peer.online", peer, received: hello.received[sessionId] })) : peers,
    closeAll(env, applied.closings),
  ]);
  return { ...welcome(env, session, reached, live), ...features };
}

function welcome(env: HelloEnv, session: Online, peers: readonly Session[], live: Live): Welcome {
  const { iceServers, controlKeys } = env;
  const at = env.clock.now();
  const { sessionId, robotId, epoch, authExpiresAt, connection } = session;
  return {
    type: "welcome",
    session: { id: sessionId, epoch, resumed: epoch > 1 },
    robot: robotId,
    serverTime: at,
    deadlines: { authExpiresAt, connectionEndsAt: connection.since + limits.gateway.connectionLifeMs },
    peers: peers.map(peerOf).filter((peer): peer is Peer => peer !== undefined),
    iceServers: [...iceServers],
    control: toWelcome({ controlKeys, at }, live, session),
  };
}
