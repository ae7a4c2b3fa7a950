import * as Credentials from "@tether/core/credential";
import type { CredentialRegister } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { isProblem, problem } from "@tether/protocol/problem";
import { listCredentials, registerCredential, revokeCredential } from "@tether/protocol/route/credential";
import { type Context, Hono } from "hono";
import { answer, done, refuse } from "../answer.ts";
import { verifyProof } from "../assertion/proof.ts";
import { readAssertion } from "../assertion/read.ts";
import { verifyAssertion } from "../assertion/verify.ts";
import { input } from "../input.ts";
import { exceeded } from "../rate/rates.ts";
import { sourceOf } from "../source.ts";
import { callerOf, user } from "../user.ts";
import type { Variables } from "../variables.ts";

export const credentials = new Hono<Variables>()
  .post("/", input("param", registerCredential.params), input("json", registerCredential.body), async (c) => {
    const { robot } = c.req.valid("param");
    const body = c.req.valid("json");
    if (body.assertion !== undefined) return rotate(c, robot, { ...body, assertion: body.assertion });
    const caller = await callerOf(c);
    if (isProblem(caller)) return refuse(c, caller);
    return answer(c, await Credentials.register(c.var.env, caller, robot, body.publicKey), 201);
  })
  .get("/", user, input("param", listCredentials.params), async (c) =>
    answer(c, await Credentials.list(c.var.env, c.var.caller, c.req.valid("param").robot)),
  )
  .delete("/:kid", user, input("param", revokeCredential.params), input("query", revokeCredential.query), async (c) => {
    const { robot, kid } = c.req.valid("param");
    const { force, successors } = c.req.valid("query");
    const how = { force: force === "true", successors: successors === "true" };
    return done(c, await Credentials.revoke(c.var.env, c.var.caller, robot, kid, how));
  });

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
