import { getHealth } from "@tether/protocol/route/service";
import { Hono } from "hono";
import { answer } from "../answer.ts";
import { describe } from "../description.ts";
import type { Variables } from "../variables.ts";

export const health = new Hono<Variables>().get("/", describe(getHealth), (c) =>
  answer(c, { status: "ok", serverTime: c.var.env.clock.now() }),
);
