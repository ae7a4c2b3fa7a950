import type { Caller } from "@tether/core/access";
import { isProblem } from "@tether/protocol/problem";
import { createMiddleware } from "hono/factory";
import { refuse } from "./answer.ts";
import type { Variables } from "./app.ts";
import { bearer } from "./caller/bearer.ts";

/** Lets in whom the token names; routes behind it find the caller in `c.var.caller`. */
export const user = createMiddleware<{ Variables: Variables["Variables"] & { caller: Caller } }>(async (c, next) => {
  const token = bearer(c.req.header("authorization"));
  if (isProblem(token)) return refuse(c, token);
  const caller = await c.var.env.verifier.verify(token);
  if (isProblem(caller)) return refuse(c, caller);
  c.var.line.userId = caller.sub;
  c.set("caller", caller);
  return next();
});
