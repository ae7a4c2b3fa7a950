import type { Robot, Session } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { routes } from "@tether/sdk/api";
import { useCallback } from "react";
import { useLoaded } from "../api/load.ts";
import { Badge } from "../component/badge.tsx";
import { Confirm } from "../component/confirm.tsx";
import { Empty } from "../component/empty.tsx";
import { FailureNote } from "../component/note.tsx";
import { Skeleton } from "../component/page.tsx";
import type { Tone } from "../component/tone.ts";
import { countdown, duration } from "../format/duration.ts";
import { near } from "../format/instant.ts";
import { roleWords } from "../format/role.ts";
import { useNow } from "../format/use-now.ts";
import { useServices } from "../services.ts";
import { evidenceRows } from "../timeline/evidence.ts";

const states: Readonly<Record<Session["state"], { word: string; tone: Tone }>> = {
  opening: { word: "Connecting", tone: "warn" },
  online: { word: "Online", tone: "good" },
  away: { word: "Away", tone: "warn" },
  expired: { word: "Lease over", tone: "warn" },
  ended: { word: "Ended", tone: "quiet" },
};

/** The robot's sessions, now and before: each with why it is away or ended. */
export function SessionsView({ robot, role }: { robot: RobotId; role: Robot["role"] }) {
  const { api } = useServices();
  const sessions = useLoaded(
    useCallback((signal) => api.call(routes.listSessions, { params: { robot }, signal }), [api, robot]),
    5_000,
  );
  const items = sessions.value?.items ?? [];
  const live = items.filter(({ state }) => state !== "ended");
  const past = items.filter(({ state }) => state === "ended");
  return (
    <div className="stack" data-gap="wide">
      {sessions.failure && <FailureNote failure={sessions.failure} retry={sessions.reload} />}
      {sessions.isLoading && <Skeleton />}
      {sessions.value && items.length === 0 && (
        <Empty title="Nobody was on this robot yet">
          <p>Sessions of the robot and of people stand here from their first connection on.</p>
        </Empty>
      )}
      {live.length > 0 && <Sessions title="Now" sessions={live} role={role} changed={sessions.reload} />}
      {past.length > 0 && <Sessions title="Before" sessions={past} role={role} changed={sessions.reload} />}
    </div>
  );
}

type SessionsProps = { title: string; sessions: readonly Session[]; role: Robot["role"]; changed: () => void };

function Sessions({ title, sessions, role, changed }: SessionsProps) {
  const now = useNow();
  return (
    <section className="stack" aria-label={title}>
      <h2>{title}</h2>
      <ul className="stack">
        {sessions.map((session) => (
          <li key={session.id} className="card">
            <OneSession session={session} now={now} role={role} changed={changed} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OneSession({ session, now, role, changed }: { session: Session; now: number; role: Robot["role"]; changed: () => void }) {
  const { api, identity } = useServices();
  const { id, robot, kind, state, since, startedAt, backBy, authExpiresAt, user, monitors, ending } = session;
  const name = kind === "robot" ? "The robot" : (user?.name ?? user?.id ?? "Someone");
  const isOwn = user !== undefined && user.id === identity.state().person?.id;
  return (
    <div className="stack" data-gap="tight">
      <div className="row" data-spread>
        <h3>
          {name}
          {user && <span className="quiet"> · {roleWords[user.role].name}</span>}
          {monitors && <span className="quiet"> · Monitors</span>}
        </h3>
        <div className="row">
          <Badge tone={states[state].tone}>{states[state].word}</Badge>
          {state !== "ended" && (role === "owner" || isOwn) && (
            <Confirm
              size="small"
              label="End"
              about={`the session of ${name}`}
              title={`End the session of ${name}?`}
              act={async () => {
                const ended = await api.call(routes.endSession, { params: { robot, session: id }, body: {} });
                if ("failure" in ended) return ended.failure;
                changed();
                return undefined;
              }}
            >
              <p>It is disconnected, and told who did it. Access stays: a new session can be begun.</p>
            </Confirm>
          )}
        </div>
      </div>
      <p className="small number">
        {state === "ended"
          ? `From ${near(startedAt, now)} to ${near(since, now)}, ${duration(since - startedAt)}.`
          : `Began ${near(startedAt, now)}.`}
        {state === "online" && ` Its lease lasts another ${countdown(authExpiresAt, now)}, and is renewed by itself.`}
        {state === "away" && backBy !== undefined && ` Waited for another ${countdown(backBy, now)}.`}
      </p>
      {ending && (
        <>
          <p>
            {ending.says} {ending.remedy}
          </p>
          <p className="small quiet">
            {[
              ending.actor.type === "user"
                ? `By ${ending.actor.name ?? ending.actor.id}`
                : `Told by ${ending.actor.type === "robot" ? "the robot" : ending.actor.type === "gateway" ? "the gateway" : "Tether"}`,
              ...(ending.inferred ? ["concluded; nobody said so"] : []),
              ...evidenceRows(ending.evidence).map(({ name: fact, value }) => `${fact}: ${value}`),
            ].join(" · ")}
          </p>
        </>
      )}
      <code className="small quiet">{id}</code>
    </div>
  );
}
