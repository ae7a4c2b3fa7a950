import * as Credentials from "@tether/core/credential";
import { Credential, CredentialPage, CredentialRegister } from "@tether/protocol/http";
import { RobotId } from "@tether/protocol/id";
import { Hono } from "hono";
import * as z from "zod/mini";
import { answer } from "../answer.ts";
import type { Variables } from "../app.ts";
import { describe } from "../description.ts";
import { input } from "../input.ts";
import { user } from "../user.ts";

const Path = z.object({ robot: RobotId });

export const credentials = new Hono<Variables>()
  .post(
    "/",
    describe("Register a robot's public key", { status: 201, body: Credential }),
    user,
    input("param", Path),
    input("json", CredentialRegister),
    async (c) =>
      answer(c, await Credentials.register(c.var.env, c.var.caller, c.req.valid("param").robot, c.req.valid("json").publicKey), 201),
  )
  .get("/", describe("List a robot's keys", { body: CredentialPage }), user, input("param", Path), async (c) =>
    answer(c, await Credentials.list(c.var.env, c.var.caller, c.req.valid("param").robot)),
  );
