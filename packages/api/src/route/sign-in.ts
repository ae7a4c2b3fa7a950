import { Hono } from "hono";
import { answer } from "../answer.ts";
import type { Variables } from "../variables.ts";

/** For whoever has an address of the API and nothing else yet. */
export const signIn = new Hono<Variables>().get("/", (c) => answer(c, c.var.env.settings.signIn));
