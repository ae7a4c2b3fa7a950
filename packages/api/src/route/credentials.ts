import * as Credentials from "@tether/core/credential";
import { Credential, CredentialPage, CredentialRegister, CredentialRevoke } from "@tether/protocol/http";
import { KeyId, RobotId } from "@tether/protocol/id";
import { isProblem, problem } from "@tether/protocol/problem";
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { answer, done, refuse } from "../answer.ts";
import { verifyProof } from "../assertion/proof.ts";
import { readAssertion } from "../assertion/read.ts";
import { verifyAssertion } from "../assertion/verify.ts";
import { describe } from "../description.ts";
import { input } from "../input.ts";
import { exceeded } from "../rate/rates.ts";
import { sourceOf } from "../source.ts";
import { callerOf, user } from "../user.ts";
import type { Variables } from "../variables.ts";

const Path = z.object({ robot: RobotId });
const KeyPath = z.object({ robot: RobotId, kid: KeyId });

export const credentials = new Hono<Variables>()
  .post(
    "/",
    describe("Register a robot's public key: an owner any, a robot its next one", { status: 201, body: Credential }),
    input("param", Path),
    input("json", CredentialRegister),
    async (c) => {
      const { robot } = c.req.valid("param");
      const body = c.req.valid("json");
      if (body.assertion !== undefined) return rotate(c, robot, { ...body, assertion: body.assertion });
      const caller = await callerOf(c);
      if (isProblem(caller)) return refuse(c, caller);
      return answer(c, await Credentials.register(c.var.env, caller, robot, body.publicKey), 201);
    },
  )
  .get("/", describe("List a robot's keys", { body: CredentialPage }), user, input("param", Path), async (c) =>
    answer(c, await Credentials.list(c.var.env, c.var.caller, c.req.valid("param").robot)),
  )
  .delete(
    "/:kid",
    describe("Revoke a key and end the sessions that stand on it"),
    user,
    input("param", KeyPath),
    input("query", CredentialRevoke),
    async (c) => {
      const { robot, kid } = c.req.valid("param");
      const { force, successors } = c.req.valid("query");
      const how = { force: force === "true", successors: successors === "true" };
      return done(c, await Credentials.revoke(c.var.env, c.var.caller, robot, kid, how));
    },
  );

async function rotate(c: Context<Variables>, robot: RobotId, body: CredentialRegister & { assertion: string }): Promise<Response> {
  const { assertion, proof, publicKey, retireNow } = body;
  const { env, line, rates } = c.var;
  const asserted = readAssertion(assertion);
  if (isProblem(asserted)) return refuse(c, asserted);
  if (asserted.robotId !== robot) return refuse(c, problem("assertion.invalid", ["sub"]));
  Object.assign(line, { kid: asserted.kid });
  const limited = exceeded(c, rates.ticket, `${robot} ${sourceOf(c)}`);
  if (limited) return limited;
  const { clock, settings } = env;
  const expected = { audience: settings.origin, clock };
  const unproved =
    proof === undefined ? problem("request.invalid", ["proof"]) : verifyProof(proof, publicKey, { ...expected, subject: robot });
  if (unproved) return refuse(c, unproved);
  const verify = (key: Parameters<typeof verifyAssertion>[1]) => verifyAssertion(assertion, key, expected);
  const next = { publicKey, ...(retireNow !== undefined && { retireNow }) };
  const rotated = await Credentials.rotate(env, asserted, verify, next);
  if (isProblem(rotated)) line.security = rotated.security;
  return answer(c, rotated, 201);
}
