import * as Enrollment from "@tether/core/enrollment";
import type { Enrolled } from "@tether/protocol/http";
import { isProblem, problem } from "@tether/protocol/problem";
import { createEnrollment, redeemEnrollment } from "@tether/protocol/route/credential";
import { Hono } from "hono";
import { answer, refuse } from "../answer.ts";
import { verifyProof } from "../assertion/proof.ts";
import { input } from "../input.ts";
import { exceeded } from "../rate/rates.ts";
import { sourceOf } from "../source.ts";
import { user } from "../user.ts";
import type { Variables } from "../variables.ts";

/** For owners, under a robot. */
export const enrollments = new Hono<Variables>().post("/", user, input("param", createEnrollment.params), async (c) => {
  const limited = exceeded(c, c.var.rates.enrollment, c.var.caller.sub);
  if (limited) return limited;
  const made = await Enrollment.create(c.var.env, c.var.caller, c.req.valid("param").robot);
  const { install } = c.var.env.settings;
  // N7
  return answer(c, isProblem(made) || install === undefined ? made : { ...made, install }, 201);
});

/** For a robot that knows nothing but its code. */
export const redemption = new Hono<Variables>().post("/redeem", input("json", redeemEnrollment.body), async (c) => {
  const limited = exceeded(c, c.var.rates.enrollment, sourceOf(c));
  if (limited) return limited;
  const { code, publicKey, proof } = c.req.valid("json");
  const { clock, settings } = c.var.env;
  const codeHash = Enrollment.hashOf(code);
  if (codeHash === undefined) return refuse(c, problem("enrollment.invalid"));
  // Before the code is looked up: what is said of the proof tells nothing about the code.
  const unproved = verifyProof(proof, publicKey, { audience: settings.origin, subject: codeHash, clock });
  if (unproved) return refuse(c, unproved);
  const redeemed = await Enrollment.redeem(c.var.env, codeHash, publicKey);
  if (isProblem(redeemed)) return refuse(c, redeemed);
  Object.assign(c.var.line, { robotId: redeemed.robot.id, kid: redeemed.credential.kid });
  return answer(c, { ...redeemed, api: { origin: settings.origin }, serverTime: clock.now() } satisfies Enrolled, 201);
});
