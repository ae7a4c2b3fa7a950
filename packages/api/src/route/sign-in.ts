import { SignIn } from "@tether/protocol/http";
import { Hono } from "hono";
import { answer } from "../answer.ts";
import { describe } from "../description.ts";
import type { Variables } from "../variables.ts";

/** For whoever has an address of the API and nothing else yet. */
export const signIn = new Hono<Variables>().get("/", describe("Where users sign in", { body: SignIn }), (c) =>
  answer(c, c.var.env.settings.signIn),
);
