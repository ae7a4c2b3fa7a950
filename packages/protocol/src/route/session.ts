import { PageQuery } from "../http/page.ts";
import { Session, SessionEnd, SessionPage } from "../http/session.ts";
import { TimelinePage } from "../http/timeline.ts";
import { RobotPath, SessionPath } from "./path.ts";
import type { Route } from "./route.ts";

export const listSessions = {
  id: "listSessions",
  method: "GET",
  path: "/v1/robots/{robot}/sessions",
  summary: "List a robot's sessions",
  security: "user",
  params: RobotPath,
  query: PageQuery,
  answer: SessionPage,
} as const satisfies Route;

export const getSession = {
  id: "getSession",
  method: "GET",
  path: "/v1/robots/{robot}/sessions/{session}",
  summary: "A session, and why it is away or ended",
  security: "user",
  params: SessionPath,
  answer: Session,
} as const satisfies Route;

export const endSession = {
  id: "endSession",
  method: "POST",
  path: "/v1/robots/{robot}/sessions/{session}/end",
  summary: "End a session: an owner any, a user their own",
  security: "user",
  params: SessionPath,
  body: SessionEnd,
} as const satisfies Route;

export const listTimeline = {
  id: "listTimeline",
  method: "GET",
  path: "/v1/robots/{robot}/timeline",
  summary: "What happened, newest first",
  security: "user",
  params: RobotPath,
  query: PageQuery,
  answer: TimelinePage,
} as const satisfies Route;
