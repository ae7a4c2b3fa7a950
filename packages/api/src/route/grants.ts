import * as Grants from "@tether/core/grant";
import { Grant, GrantGive, GrantPage, GrantTake, PageQuery } from "@tether/protocol/http";
import { RobotId } from "@tether/protocol/id";
import { Hono } from "hono";
import * as z from "zod/mini";
import { answer, done } from "../answer.ts";
import { describe } from "../description.ts";
import { input } from "../input.ts";
import { listed, ofRobot } from "../listing.ts";
import { user } from "../user.ts";
import type { Variables } from "../variables.ts";

const Path = z.object({ robot: RobotId });

export const grants = new Hono<Variables>()
  .put(
    "/",
    describe("Give someone a role on the robot", { body: Grant }),
    user,
    input("param", Path),
    input("json", GrantGive),
    async (c) => answer(c, await Grants.assign(c.var.env, c.var.caller, c.req.valid("param").robot, c.req.valid("json"))),
  )
  .get("/", describe("List who may do what", { body: GrantPage }), user, input("param", Path), input("query", PageQuery), async (c) => {
    return answer(
      c,
      await listed(c.req.valid("query"), ofRobot(c.req.valid("param").robot, "grants"), (page) =>
        Grants.list(c.var.env, c.var.caller, c.req.valid("param").robot, page),
      ),
    );
  })
  .delete(
    "/",
    describe("Take someone's role away and end the sessions that stand on it"),
    user,
    input("param", Path),
    input("query", GrantTake),
    async (c) => done(c, await Grants.revoke(c.var.env, c.var.caller, c.req.valid("param").robot, c.req.valid("query").to)),
  );
