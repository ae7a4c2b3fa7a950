import type { Session as Shown } from "@tether/protocol/http";
import type { RobotId, SessionId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { describeEnding } from "../live/ending.ts";
import { findLive, fromItem, listLive } from "../live/read.ts";
import type { Session } from "../live/session.ts";
import type { Store } from "../store/index.ts";
import type { Principal } from "../store/principal.ts";
import { recordKey } from "../store/session-record.ts";

/** A robot's sessions: the live ones on the first page, then the past ones, newest first. */
export async function list(env: { store: Store }, robotId: RobotId, page: { cursor?: string; limit: number }) {
  const [live, records] = await Promise.all([
    page.cursor === undefined ? listLive(env, robotId, "consistent") : [],
    env.store.entities.sessionRecord.query.primary({ robotId }).go({ order: "desc", limit: page.limit, cursor: page.cursor ?? null }),
  ]);
  return { items: [...live.map(toSession), ...records.data.map(toPastSession)], cursor: records.cursor ?? undefined };
}

/** A session, live or past, with all that is known of why it is away or ended. */
export async function find(env: { store: Store }, robotId: RobotId, sessionId: SessionId): Promise<Shown | Problem> {
  const kind = sessionId.startsWith("rse_") ? "robot" : "client";
  const live = await findLive(env, { robotId, kind, sessionId });
  if (live) return toSession(live);
  const { data } = await env.store.entities.sessionRecord.get(recordKey({ robotId, sessionId })).go();
  return data?.sessionId === sessionId ? toPastSession(data) : problem("session.unknown");
}

function toPastSession(record: { endedAt: number }): Shown {
  return toSession(fromItem({ ...record, state: "ended", since: record.endedAt }));
}

function toSession(session: Session): Shown {
  const { sessionId, robotId, kind, state, epoch, startedAt, since, authExpiresAt, principal } = session;
  return {
    id: sessionId,
    robot: robotId,
    kind,
    state,
    epoch,
    startedAt,
    since,
    authExpiresAt,
    ...(state === "away" && { backBy: session.backBy }),
    ...userIn(principal),
    ...(state === "online" && session.monitors && { monitors: true }),
    ...((state === "away" || state === "ended") && { ending: describeEnding(session.ending, kind) }),
  };
}

function userIn(principal: Principal) {
  if (principal.type === "robot") return {};
  const { id, role, name } = principal;
  return { user: { id, role, ...(name !== undefined && { name }) } };
}
