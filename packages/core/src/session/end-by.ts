import type { RobotId, SessionId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { atLeast } from "@tether/protocol/role";
import { accessTo } from "../access/access.ts";
import { actorOf, type Caller } from "../access/caller.ts";
import type { Env } from "../delivery/notify.ts";
import { own, readLive } from "../live/read.ts";
import { end } from "./end.ts";

export type EndRequest = { readonly robot: RobotId; readonly session: SessionId; readonly reason?: string | undefined };

/** Ends someone's session: an owner any of the robot's, a user their own. */
export async function endBy(env: Env, caller: Caller, { robot, session: sessionId, reason }: EndRequest): Promise<Problem | undefined> {
  const access = await accessTo(env, caller, robot);
  if ("problem" in access) return access;
  const session = own(await readLive(env, robot, "consistent"), { sessionId });
  if (!session) return problem("session.unknown");
  const isTheirs = session.principal.type === "user" && session.principal.id === caller.sub;
  if (!isTheirs && !atLeast(access.role, "owner")) return problem("access.denied");
  await end(env, session, {
    cause: "admin.ended",
    actor: actorOf(caller),
    inferred: false,
    ...(reason !== undefined && { evidence: { reason } }),
  });
  return undefined;
}
