import { accessTo } from "@tether/core/access";
import * as Sessions from "@tether/core/session";
import * as Timeline from "@tether/core/timeline";
import { PageQuery, Session, SessionEnd, SessionPage, TimelinePage } from "@tether/protocol/http";
import { RobotId, SessionId } from "@tether/protocol/id";
import { isProblem } from "@tether/protocol/problem";
import { Hono } from "hono";
import * as z from "zod/mini";
import { answer, done, refuse } from "../answer.ts";
import { describe } from "../description.ts";
import { input } from "../input.ts";
import { listed, ofRobot } from "../listing.ts";
import { user } from "../user.ts";
import type { Variables } from "../variables.ts";

const Path = z.object({ robot: RobotId });
const SessionPath = z.object({ robot: RobotId, session: SessionId });

export const sessions = new Hono<Variables>()
  .get(
    "/sessions",
    describe("List a robot's sessions", { body: SessionPage }),
    user,
    input("param", Path),
    input("query", PageQuery),
    async (c) => {
      const { robot } = c.req.valid("param");
      const access = await accessTo(c.var.env, c.var.caller, robot);
      if (isProblem(access)) return refuse(c, access);
      return answer(c, await listed(c.req.valid("query"), ofRobot(robot, "sessions"), (page) => Sessions.list(c.var.env, robot, page)));
    },
  )
  .get(
    "/sessions/:session",
    describe("A session, and why it is away or ended", { body: Session }),
    user,
    input("param", SessionPath),
    async (c) => {
      const { robot, session } = c.req.valid("param");
      const access = await accessTo(c.var.env, c.var.caller, robot);
      return answer(c, isProblem(access) ? access : await Sessions.find(c.var.env, robot, session));
    },
  )
  .post(
    "/sessions/:session/end",
    describe("End a session: an owner any, a user their own"),
    user,
    input("param", SessionPath),
    input("json", SessionEnd),
    async (c) => done(c, await Sessions.endBy(c.var.env, c.var.caller, { ...c.req.valid("param"), ...c.req.valid("json") })),
  )
  .get(
    "/timeline",
    describe("What happened, newest first", { body: TimelinePage }),
    user,
    input("param", Path),
    input("query", PageQuery),
    async (c) => {
      const { robot } = c.req.valid("param");
      const access = await accessTo(c.var.env, c.var.caller, robot);
      if (isProblem(access)) return refuse(c, access);
      return answer(c, await listed(c.req.valid("query"), ofRobot(robot, "timeline"), (page) => Timeline.list(c.var.env, robot, page)));
    },
  );
