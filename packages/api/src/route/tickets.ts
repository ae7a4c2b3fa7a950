import * as Ticket from "@tether/core/ticket";
import type { TicketAnswer } from "@tether/protocol/http";
import { isProblem, type Problem } from "@tether/protocol/problem";
import { createClientTicket, createRobotTicket } from "@tether/protocol/route/ticket";
import { Hono } from "hono";
import { type Asked, answer, refuse } from "../answer.ts";
import { readAssertion } from "../assertion/read.ts";
import { verifyAssertion } from "../assertion/verify.ts";
import type { Env } from "../env.ts";
import { input } from "../input.ts";
import { exceeded } from "../rate/rates.ts";
import { sourceOf } from "../source.ts";
import { user } from "../user.ts";
import type { Variables } from "../variables.ts";

export const tickets = new Hono<Variables>()
  .post(
    "/client",
    user,
    input("json", createClientTicket.body),
    async (c) =>
      exceeded(c, c.var.rates.ticket, c.var.caller.sub) ??
      issued(c, await Ticket.forClient(c.var.env, c.var.caller, c.req.valid("json")), c.var.caller.sub),
  )
  .post("/robot", input("json", createRobotTicket.body), async (c) => {
    const { assertion, use = "connect", instance } = c.req.valid("json");
    const asserted = readAssertion(assertion);
    if (isProblem(asserted)) return refuse(c, asserted);
    Object.assign(c.var.line, { robotId: asserted.robotId, kid: asserted.kid });
    // The robot's name is a mere claim yet: with its source beside it nobody can use up the robot's share.
    const limited = exceeded(c, c.var.rates.ticket, `${asserted.robotId} ${sourceOf(c)}`);
    if (limited) return limited;
    const { clock, settings } = c.var.env;
    const verify = (key: Parameters<typeof verifyAssertion>[1]) => verifyAssertion(assertion, key, { audience: settings.origin, clock });
    const result = await Ticket.forRobot(c.var.env, asserted, verify, { use, instance });
    if (result.security !== undefined) c.var.line.security = result.security;
    return issued(c, result, asserted.robotId);
  });

/** The log line says until when the lease lasts, and never holds the ticket. */
async function issued(
  c: Asked & { var: { env: Env } },
  result: Ticket.Issued | Ticket.IssuedToRobot | Problem,
  principalId: string,
): Promise<Response> {
  if (isProblem(result)) return refuse(c, result);
  const { ticket, claims, resumed } = result;
  const { env, line } = c.var;
  const serverTime = env.clock.now();
  const { sessionId, robotId, epoch, use, authExpiresAt } = claims;
  Object.assign(line, { robotId, sessionId, epoch, use, resumed, authExpiresAt, leaseMs: authExpiresAt - serverTime });
  const body: TicketAnswer = {
    ticket,
    expiresAt: claims.exp * 1000,
    url: env.settings.brokerUrl,
    session: { id: sessionId, epoch, resumed },
    auth: { expiresAt: authExpiresAt },
    iceServers: await env.ice.servers(principalId, serverTime),
    ...("credential" in result && { credential: result.credential }),
    serverTime,
  };
  return answer(c, body, 201);
}
