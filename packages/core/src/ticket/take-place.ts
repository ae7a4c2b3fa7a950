import { type Problem, problem } from "@tether/protocol/problem";
import type { Env } from "../delivery/notify.ts";
import { readLive } from "../live/read.ts";
import { actorOf, type Identity } from "../live/session.ts";
import { end } from "../session/end.ts";
import type { Ending } from "../store/ending.ts";
import { placeRefused, unplaced } from "./place.ts";

/**
 * Counts the places at a robot once a ticket has begun a client's session. Each counts after its own write, so of several who come
 * at once the last sees them all. The sessions with the least claim end: another user's, or the one that has just begun. One that is
 * itself among those takes nobody's place, so it ends no other: whoever has a place does. If all ended all, each would wait for each.
 */
export async function takePlace(env: Env, identity: Identity): Promise<Identity | Problem> {
  const { kind, robotId, sessionId, epoch, principal } = identity;
  if (kind === "robot" || epoch > 1 || principal.type === "robot") return identity;
  const live = await readLive(env, robotId, "consistent");
  const losers = unplaced(live);
  const others = live.sessions.filter((session) => session.sessionId !== sessionId);
  const isOut = losers.some((session) => session.sessionId === sessionId);
  const ending: Ending = { cause: "place.taken", actor: isOut ? { type: "system" } : actorOf(identity), inferred: false };
  const ends = isOut ? losers.filter((session) => session.sessionId === sessionId) : losers;
  await Promise.all(ends.map((session) => end(env, session, ending)));
  if (!isOut) return identity;
  return problem(placeRefused({ ...live, sessions: others }, { user: principal.id, role: principal.role }) ?? "robot.full");
}
