import { Hono } from "hono";
import { answer } from "../answer.ts";
import type { Variables } from "../variables.ts";

export const health = new Hono<Variables>().get("/", (c) => answer(c, { status: "ok", serverTime: c.var.env.clock.now() }));
