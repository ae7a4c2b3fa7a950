import * as Users from "@tether/core/user";
import { Me, UserRevoke, UserRevoked } from "@tether/protocol/http";
import { Hono } from "hono";
import { answer } from "../answer.ts";
import { describe } from "../description.ts";
import { input } from "../input.ts";
import { user } from "../user.ts";
import type { Variables } from "../variables.ts";

export const users = new Hono<Variables>()
  .get("/me", describe("Who the token names", { body: Me }), user, async (c) => answer(c, await Users.me(c.var.env, c.var.caller)))
  .post(
    "/revoke",
    describe("Sign a user out everywhere, at the identity provider too; oneself, or anyone as an admin", { body: UserRevoked }),
    user,
    input("query", UserRevoke),
    async (c) => answer(c, await Users.revoke(c.var.env, c.var.caller, c.req.valid("query").sub)),
  );
