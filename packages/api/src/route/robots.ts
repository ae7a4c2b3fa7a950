import * as Control from "@tether/core/control";
import * as Robots from "@tether/core/robot";
import { Robot, RobotChange, RobotCreate, RobotPage, RobotQuery, StopRequest } from "@tether/protocol/http";
import { RobotId } from "@tether/protocol/id";
import { Hono } from "hono";
import * as z from "zod/mini";
import { answer, done } from "../answer.ts";
import { describe } from "../description.ts";
import { idempotencyKey } from "../idempotency.ts";
import { input } from "../input.ts";
import { listed } from "../listing.ts";
import { user } from "../user.ts";
import type { Variables } from "../variables.ts";

const Path = z.object({ robot: RobotId });

export const robots = new Hono<Variables>()
  .post("/", describe("Create a robot; the caller owns it", { status: 201, body: Robot }), user, input("json", RobotCreate), async (c) => {
    const key = idempotencyKey(c.req.header("idempotency-key"));
    return answer(
      c,
      typeof key === "object" ? key : await Robots.create(c.var.env, c.var.caller, { ...c.req.valid("json"), idempotencyKey: key }),
      201,
    );
  })
  .get(
    "/",
    describe("List the robots the caller was granted, all for an admin, and how each stands", { body: RobotPage }),
    user,
    input("query", RobotQuery),
    async (c) => {
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
    },
  )
  .get("/:robot", describe("Read a robot, and how it stands", { body: Robot }), user, input("param", Path), async (c) =>
    answer(c, await Robots.read(c.var.env, c.var.caller, c.req.valid("param").robot)),
  )
  .patch(
    "/:robot",
    describe("Change a robot's name and settings", { body: Robot }),
    user,
    input("param", Path),
    input("json", RobotChange),
    async (c) => answer(c, await Robots.change(c.var.env, c.var.caller, c.req.valid("param").robot, c.req.valid("json"))),
  )
  .post(
    "/:robot/stop",
    describe("Stop the robot: anyone who may see it"),
    user,
    input("param", Path),
    input("json", StopRequest),
    async (c) => done(c, await Control.stopBy(c.var.env, c.var.caller, c.req.valid("param").robot, c.req.valid("json"))),
  )
  .delete("/:robot", describe("Delete a robot and end its sessions"), user, input("param", Path), async (c) =>
    done(c, await Robots.remove(c.var.env, c.var.caller, c.req.valid("param").robot)),
  );
