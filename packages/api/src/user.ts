import type { Caller } from "@tether/core/access";
import { isProblem, type Problem } from "@tether/protocol/problem";
import { createMiddleware } from "hono/factory";
import { refuse } from "./answer.ts";
import { bearer } from "./caller/bearer.ts";
import type { Variables } from "./variables.ts";

type Asked = { readonly req: { header(name: string): string | undefined }; readonly var: Pick<Variables["Variables"], "env" | "line"> };

/** The caller that the request's token names. */
export async function callerOf(c: Asked): Promise<Caller | Problem> {
  const token = bearer(c.req.header("authorization"));
  if (isProblem(token)) return token;
  const caller = await c.var.env.verifier.verify(token);
  if (!isProblem(caller)) c.var.line.userId = caller.sub;
  return caller;
}

/** Lets in whom the token names; routes behind it find the caller in `c.var.caller`. */
export const user = createMiddleware<{ Variables: Variables["Variables"] & { caller: Caller } }>(async (c, next) => {
  const caller = await callerOf(c);
  if (isProblem(caller)) return refuse(c, caller);
  c.set("caller", caller);
  return next();
});
