import * as Users from "@tether/core/user";
import { Me, UserId, UserRevoked } from "@tether/protocol/http";
import { Hono } from "hono";
import * as z from "zod/mini";
import { answer } from "../answer.ts";
import { describe } from "../description.ts";
import { input } from "../input.ts";
import { user } from "../user.ts";
import type { Variables } from "../variables.ts";

const Path = z.object({ sub: UserId });

export const users = new Hono<Variables>()
  .get("/me", describe("Who the token names", { body: Me }), user, async (c) => answer(c, await Users.me(c.var.env, c.var.caller)))
  .post(
    "/:sub/revoke",
    describe("Sign a user out everywhere, at the identity provider too; oneself, or anyone as an admin", { body: UserRevoked }),
    user,
    input("param", Path),
    async (c) => answer(c, await Users.revoke(c.var.env, c.var.caller, c.req.valid("param").sub)),
  );
