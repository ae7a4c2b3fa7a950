import * as Control from "@tether/core/control";
import * as Robots from "@tether/core/robot";
import { RobotId } from "@tether/protocol/id";
import { changeRobot, createRobot, deleteRobot, getRobot, listRobots, stopRobot } from "@tether/protocol/route/robot";
import { Hono } from "hono";
import { answer, done } from "../answer.ts";
import { idempotencyKey } from "../idempotency.ts";
import { input } from "../input.ts";
import { listed } from "../listing.ts";
import { user } from "../user.ts";
import type { Variables } from "../variables.ts";

export const robots = new Hono<Variables>()
  .post("/", user, input("json", createRobot.body), async (c) => {
    const key = idempotencyKey(c.req.header("idempotency-key"));
    return answer(
      c,
      typeof key === "object" ? key : await Robots.create(c.var.env, c.var.caller, { ...c.req.valid("json"), idempotencyKey: key }),
      201,
    );
  })
  .get("/", user, input("query", listRobots.query), async (c) => {
    const { robots, ...query } = c.req.valid("query");
    const asked = { ...query, ...(robots !== undefined && { robots: [...new Set(robots.split(","))] }) };
    return answer(
      c,
      await listed(
        asked,
        (cursor) => RobotId.safeParse(cursor).success,
        (page) => Robots.list(c.var.env, c.var.caller, page),
      ),
    );
  })
  .get("/:robot", user, input("param", getRobot.params), async (c) =>
    answer(c, await Robots.read(c.var.env, c.var.caller, c.req.valid("param").robot)),
  )
  .patch("/:robot", user, input("param", changeRobot.params), input("json", changeRobot.body), async (c) =>
    answer(c, await Robots.change(c.var.env, c.var.caller, c.req.valid("param").robot, c.req.valid("json"))),
  )
  .post("/:robot/stop", user, input("param", stopRobot.params), input("json", stopRobot.body), async (c) =>
    done(
      c,
      await Control.stopBy({ ...c.var.env, stopNews: c.var.rates.stopNews }, c.var.caller, c.req.valid("param").robot, c.req.valid("json")),
    ),
  )
  .delete("/:robot", user, input("param", deleteRobot.params), async (c) =>
    done(c, await Robots.remove(c.var.env, c.var.caller, c.req.valid("param").robot)),
  );
