import * as Users from "@tether/core/user";
import { revokeUser } from "@tether/protocol/route/user";
import { Hono } from "hono";
import { answer } from "../answer.ts";
import { input } from "../input.ts";
import { user } from "../user.ts";
import type { Variables } from "../variables.ts";

export const users = new Hono<Variables>()
  .get("/me", user, async (c) => answer(c, await Users.me(c.var.env, c.var.caller)))
  .post("/revoke", user, input("query", revokeUser.query), async (c) =>
    answer(c, await Users.revoke(c.var.env, c.var.caller, c.req.valid("query").sub)),
  );
