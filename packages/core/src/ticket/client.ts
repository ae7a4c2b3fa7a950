import type { ClientTicketRequest } from "@tether/protocol/http";
import { type Problem, problem } from "@tether/protocol/problem";
import { type Access, accessTo } from "../access/access.ts";
import type { Caller } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import { readLive } from "../live/read.ts";
import type { Session } from "../live/session.ts";
import { graceOf } from "../robot/robot.ts";
import type { Store } from "../store/index.ts";
import type { Principal } from "../store/principal.ts";
import { type Issued, issue } from "./issue.ts";
import type { KeyRing } from "./key-ring.ts";
import { placeRefused } from "./place.ts";

type Env = { store: Store; clock: Clock; ids: Ids; ring: KeyRing; leaseMs: number };

/** A ticket for a user's client. Two reads, no write. */
export async function forClient(env: Env, caller: Caller, request: ClientTicketRequest): Promise<Issued | Problem> {
  const [access, live] = await Promise.all([accessTo(env, caller, request.robot), readLive(env, request.robot, "consistent")]);
  if ("problem" in access) return access;
  const session = request.session && live.sessions.find(({ sessionId }) => sessionId === request.session);
  const use = request.use ?? "connect";
  if (request.session && !isOwn(session, caller)) return problem("session.unknown"); // T7
  if (use === "renew" && !session) return problem("session.unknown");
  const full = session ? undefined : placeRefused(live, { user: caller.sub, role: access.role });
  if (full) return problem(full);
  return issue(env, session, {
    use,
    robotId: request.robot,
    principal: principalOf(caller, access),
    authExpiresAt: Math.min(caller.expiresAt, env.clock.now() + env.leaseMs),
    graceMs: graceOf(access.robot).clientMs,
  });
}

function isOwn(session: Session | undefined, caller: Caller): boolean {
  return session?.principal.type === "user" && session.principal.id === caller.sub;
}

function principalOf(caller: Caller, { role, by }: Access): Principal {
  const name = caller.name ?? caller.email;
  return { type: "user", id: caller.sub, role, by, issuedAt: caller.issuedAt, ...(name !== undefined && { name }) };
}
