import * as Grants from "@tether/core/grant";
import { assignGrant, listGrants, revokeGrant } from "@tether/protocol/route/grant";
import { Hono } from "hono";
import { answer, done } from "../answer.ts";
import { input } from "../input.ts";
import { listed, ofRobot } from "../listing.ts";
import { user } from "../user.ts";
import type { Variables } from "../variables.ts";

export const grants = new Hono<Variables>()
  .put("/", user, input("param", assignGrant.params), input("json", assignGrant.body), async (c) =>
    answer(c, await Grants.assign(c.var.env, c.var.caller, c.req.valid("param").robot, c.req.valid("json"))),
  )
  .get("/", user, input("param", listGrants.params), input("query", listGrants.query), async (c) => {
    return answer(
      c,
      await listed(c.req.valid("query"), ofRobot(c.req.valid("param").robot, "grants"), (page) =>
        Grants.list(c.var.env, c.var.caller, c.req.valid("param").robot, page),
      ),
    );
  })
  .delete("/", user, input("param", revokeGrant.params), input("query", revokeGrant.query), async (c) =>
    done(c, await Grants.revoke(c.var.env, c.var.caller, c.req.valid("param").robot, c.req.valid("query").to)),
  );
