import type { TicketUse } from "@tether/protocol/http";
import type { ClientSessionId, RobotId, RobotSessionId, SessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import type { Session } from "../live/session.ts";
import { extended, fewerRights, moves } from "../machine/session/lease.ts";
import type { Principal } from "../store/principal.ts";
import type { Claims } from "./claims.ts";
import type { KeyRing } from "./key-ring.ts";
import { seal } from "./seal.ts";

export type Issued = { readonly ticket: string; readonly claims: Claims; readonly resumed: boolean };

type Proof = {
  readonly use: TicketUse;
  readonly robotId: RobotId;
  readonly principal: Principal;
  readonly authExpiresAt: number;
  readonly graceMs: number;
};

/** Makes a ticket for the session's next connection or renewal; without a session, for the first of a new one. Writes nothing. */
export function issue(env: { ring: KeyRing; clock: Clock; ids: Ids }, session: Session | undefined, proof: Proof): Issued {
  const { use, robotId, principal, graceMs } = proof;
  const kind = principal.type === "robot" ? "robot" : "client";
  const unmoved = use === "renew" && session !== undefined && !moves(session, proof);
  const reduces = use === "renew" && session !== undefined && fewerRights(session.principal, principal);
  const claims: Claims = {
    jti: env.ids.next("TicketId"),
    use,
    kind,
    robotId,
    sessionId: session?.sessionId ?? newSessionId(env, kind),
    principal,
    epoch: use === "renew" ? (session?.epoch ?? 1) : (session?.ticketEpoch ?? 0) + 1,
    renewals: session?.renewals ?? 0,
    ...(unmoved && { unmoved }),
    ...(reduces && { reduces }),
    graceMs,
    authExpiresAt: session ? extended(session, proof) : proof.authExpiresAt,
    exp: Math.floor((env.clock.now() + limits.ticket.lifeMs) / 1000),
  };
  return { ticket: seal(env.ring, claims), claims, resumed: session !== undefined && session.state !== "opening" };
}

function newSessionId(env: { ids: Ids }, kind: "robot" | "client"): SessionId {
  return kind === "robot" ? (env.ids.next("RobotSessionId") as RobotSessionId) : (env.ids.next("ClientSessionId") as ClientSessionId);
}
