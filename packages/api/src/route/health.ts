import { Health } from "@tether/protocol/http";
import { Hono } from "hono";
import { answer } from "../answer.ts";
import { describe } from "../description.ts";
import type { Variables } from "../variables.ts";

export const health = new Hono<Variables>().get("/", describe("Whether the API is up, and its time", { body: Health }), (c) =>
  answer(c, { status: "ok", serverTime: c.var.env.clock.now() }),
);
