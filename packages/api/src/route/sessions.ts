import { accessTo } from "@tether/core/access";
import * as Sessions from "@tether/core/session";
import * as Timeline from "@tether/core/timeline";
import { PageQuery, SessionPage, TimelinePage } from "@tether/protocol/http";
import { RobotId } from "@tether/protocol/id";
import { isProblem } from "@tether/protocol/problem";
import { Hono } from "hono";
import * as z from "zod/mini";
import { answer, refuse } from "../answer.ts";
import type { Variables } from "../app.ts";
import { describe } from "../description.ts";
import { input } from "../input.ts";
import { listed, ofRobot } from "../listing.ts";
import { user } from "../user.ts";

const Path = z.object({ robot: RobotId });

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
      return answer(c, await listed(c.req.valid("query"), ofRobot(robot), (page) => Sessions.list(c.var.env, robot, page)));
    },
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
      return answer(c, await listed(c.req.valid("query"), ofRobot(robot), (page) => Timeline.list(c.var.env, robot, page)));
    },
  );
