import type { Robot } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { atLeast } from "@tether/protocol/role";
import { routes } from "@tether/sdk/api";
import { lazy, Suspense, useCallback } from "react";
import { failureOf } from "../api/failure.ts";
import { useLoaded } from "../api/load.ts";
import { Badge } from "../component/badge.tsx";
import { FailureNote } from "../component/note.tsx";
import { Page, Skeleton } from "../component/page.tsx";
import { remedyWords } from "../drive/ending.ts";
import { presenceWords } from "../fleet/presence.ts";
import { driveWord } from "../format/role.ts";
import { useNow } from "../format/use-now.ts";
import { Link } from "../route/link.tsx";
import type { robotPages } from "../route/route.ts";
import { useServices } from "../services.ts";

const DriveView = lazy(() => import("../drive/drive-view.tsx").then(({ DriveView }) => ({ default: DriveView })));
const TimelineView = lazy(() => import("../timeline/timeline-view.tsx").then(({ TimelineView }) => ({ default: TimelineView })));
const SessionsView = lazy(() => import("../access/sessions-view.tsx").then(({ SessionsView }) => ({ default: SessionsView })));
const MonitorView = lazy(() => import("../monitor/monitor-view.tsx").then(({ MonitorView }) => ({ default: MonitorView })));
const AccessView = lazy(() => import("../access/access-view.tsx").then(({ AccessView }) => ({ default: AccessView })));
const SetUpView = lazy(() => import("../set-up/set-up-view.tsx").then(({ SetUpView }) => ({ default: SetUpView })));

const toFleet = (
  <Link to={{ page: "fleet" }} kind="main">
    {remedyWords.robots}
  </Link>
);

type RobotPage = (typeof robotPages)[number];

const names: Readonly<Record<RobotPage, { title: string; needs: Robot["role"] }>> = {
  drive: { title: "Drive", needs: "viewer" },
  timeline: { title: "Timeline", needs: "viewer" },
  sessions: { title: "Sessions", needs: "viewer" },
  monitor: { title: "Monitor", needs: "owner" },
  access: { title: "Access", needs: "owner" },
  "set-up": { title: "Set-up", needs: "owner" },
};

/** A robot: its name and presence, and one of its pages. */
export function RobotPages({ page: wanted, robot: id }: { page: RobotPage; robot: RobotId }) {
  const { api } = useServices();
  const robot = useLoaded(useCallback((signal) => api.call(routes.getRobot, { params: { robot: id }, signal }), [api, id]));
  if (!robot.value) {
    return (
      <Page title="Robot">
        {robot.failure && <FailureNote failure={robot.failure} retry={robot.reload} />}
        {robot.failure && <Link to={{ page: "fleet" }}>All robots</Link>}
        {robot.isLoading && <Skeleton />}
      </Page>
    );
  }
  const { name, role } = robot.value;
  const page = atLeast(role, names[wanted].needs) ? wanted : undefined;
  const pages = (Object.keys(names) as RobotPage[]).filter((known) => atLeast(role, names[known].needs));
  return (
    <Page title={name} beside={<PresenceLine robot={robot.value} />}>
      {pages.length > 1 && (
        <nav className="tabs" aria-label="Robot">
          {pages.map((known) => (
            <Link key={known} to={{ page: known, robot: id }} {...(known === page && { "aria-current": "page" })}>
              {known === "drive" ? driveWord(role) : names[known].title}
            </Link>
          ))}
        </nav>
      )}
      {!page && <FailureNote failure={failureOf("access.denied")} />}
      <Suspense fallback={<Skeleton />}>
        {page === "drive" && <DriveView robot={robot.value} changed={robot.reload} elsewhere={toFleet} />}
        {page === "timeline" && <TimelineView robot={id} name={name} />}
        {page === "sessions" && <SessionsView robot={id} role={role} />}
        {page === "monitor" && <MonitorView robot={robot.value} />}
        {page === "access" && <AccessView robot={id} />}
        {page === "set-up" && <SetUpView robot={robot.value} changed={robot.reload} />}
      </Suspense>
    </Page>
  );
}

const everyMs = 5_000;

function PresenceLine({ robot }: { robot: Robot }) {
  const { api } = useServices();
  const latest = useLoaded(
    useCallback((signal) => api.call(routes.getRobot, { params: { robot: robot.id }, signal }), [api, robot.id]),
    everyMs,
  );
  const now = useNow();
  const { presence } = latest.value ?? robot;
  if (!presence) return null;
  const { word, tone, detail, remedy } = presenceWords(presence, now);
  return (
    <div className="row presence">
      <Badge tone={tone}>{word}</Badge>
      <span className="small number">
        {detail} {remedy}
      </span>
    </div>
  );
}
