import { getSignIn } from "@tether/protocol/route/service";
import { Hono } from "hono";
import { answer } from "../answer.ts";
import { describe } from "../description.ts";
import type { Variables } from "../variables.ts";

/** For whoever has an address of the API and nothing else yet. */
export const signIn = new Hono<Variables>().get("/", describe(getSignIn), (c) => answer(c, c.var.env.settings.signIn));
