import { accessTo } from "@tether/core/access";
import * as Sessions from "@tether/core/session";
import * as Timeline from "@tether/core/timeline";
import { isProblem } from "@tether/protocol/problem";
import { endSession, getSession, listSessions, listTimeline } from "@tether/protocol/route/session";
import { Hono } from "hono";
import { answer, done, refuse } from "../answer.ts";
import { input } from "../input.ts";
import { listed, ofRobot } from "../listing.ts";
import { user } from "../user.ts";
import type { Variables } from "../variables.ts";

export const sessions = new Hono<Variables>()
  .get("/sessions", user, input("param", listSessions.params), input("query", listSessions.query), async (c) => {
    const { robot } = c.req.valid("param");
    const access = await accessTo(c.var.env, c.var.caller, robot);
    if (isProblem(access)) return refuse(c, access);
    return answer(c, await listed(c.req.valid("query"), ofRobot(robot, "sessions"), (page) => Sessions.list(c.var.env, robot, page)));
  })
  .get("/sessions/:session", user, input("param", getSession.params), async (c) => {
    const { robot, session } = c.req.valid("param");
    const access = await accessTo(c.var.env, c.var.caller, robot);
    return answer(c, isProblem(access) ? access : await Sessions.find(c.var.env, robot, session));
  })
  .post("/sessions/:session/end", user, input("param", endSession.params), input("json", endSession.body), async (c) =>
    done(c, await Sessions.endBy(c.var.env, c.var.caller, { ...c.req.valid("param"), ...c.req.valid("json") })),
  )
  .get("/timeline", user, input("param", listTimeline.params), input("query", listTimeline.query), async (c) => {
    const { robot } = c.req.valid("param");
    const access = await accessTo(c.var.env, c.var.caller, robot);
    if (isProblem(access)) return refuse(c, access);
    return answer(c, await listed(c.req.valid("query"), ofRobot(robot, "timeline"), (page) => Timeline.list(c.var.env, robot, page)));
  });
