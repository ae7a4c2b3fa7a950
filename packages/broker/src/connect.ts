import { invoke } from "@tether/aws/invocation";
import type { Identity } from "@tether/core/session";
import { type Claims, redeem, takePlace } from "@tether/core/ticket";
import { isProblem, type Problem, problems } from "@tether/protocol/problem";
import { subprotocol } from "@tether/protocol/subprotocol";
import type { Env } from "./env.ts";
import { type Answer, type ConnectionEvent, claimsOf } from "./event.ts";
import { failureOf } from "./failure.ts";

/** `$connect`: redeems the ticket. Nothing can be posted to the connection before this has returned. */
export function createConnect(env: Env) {
  return (event: ConnectionEvent): Promise<Answer> =>
    invoke(env, "connect", async (line) => {
      const claims = claimsOf(event);
      const { robotId, sessionId, kind, epoch, authExpiresAt } = claims;
      Object.assign(line, { robotId, sessionId, kind, epoch, connectionId: event.requestContext.connectionId, authExpiresAt });
      const redeemed = await admit(claims, event.requestContext.connectionId).catch(failureOf(line));
      line.outcome = isProblem(redeemed) ? redeemed.problem : "redeemed";
      if (isProblem(redeemed)) return { statusCode: problems[redeemed.problem].status };
      return { statusCode: 200, headers: { "Sec-WebSocket-Protocol": subprotocol } };
    });

  async function admit(claims: Claims, connectionId: string): Promise<Identity | Problem> {
    const redeemed = await redeem(env, claims, connectionId);
    return isProblem(redeemed) ? redeemed : takePlace(env, redeemed);
  }
}
