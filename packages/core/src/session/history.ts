import type { Session as Shown } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import type { Store } from "../store/index.ts";
import { fromItem, listLive } from "./read.ts";
import type { Principal, Session } from "./session.ts";

/** A robot's sessions: the live ones on the first page, then the past ones, newest first. */
export async function list(env: { store: Store }, robotId: RobotId, page: { cursor?: string; limit: number }) {
  const [live, past] = await Promise.all([
    page.cursor === undefined ? listLive(env, robotId, "consistent") : [],
    env.store.entities.sessionRecord.query.primary({ robotId }).go({ order: "desc", limit: page.limit, cursor: page.cursor ?? null }),
  ]);
  const ended = past.data.map((record) => shown(fromItem({ ...record, state: "ended", since: record.endedAt })));
  return { items: [...live.map(shown), ...ended], cursor: past.cursor ?? undefined };
}

function shown(session: Session): Shown {
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
    ...((state === "away" || state === "ended") && {
      ending: { cause: session.ending.cause, actor: session.ending.actor, inferred: session.ending.inferred },
    }),
  };
}

function userIn(principal: Principal) {
  if (principal.type === "robot") return {};
  const { id, role, name } = principal;
  return { user: { id, role, ...(name !== undefined && { name }) } };
}
