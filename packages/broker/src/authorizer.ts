import { edgeHeader, passedEdge } from "@tether/aws/edge";
import type { Clock } from "@tether/core/clock";
import type { KeyRing } from "@tether/core/ticket";
import { unseal } from "@tether/core/ticket/seal";
import { isProblem } from "@tether/protocol/problem";
import { ticketIn } from "@tether/protocol/subprotocol";
import type { AuthorizerEvent } from "./event.ts";

/**
 * API Gateway's REQUEST authorizer: HMAC only, no store. The ticket's claims become the context of every event of the
 * connection. A bad ticket is denied, which the gateway answers 403: what is thrown would be an error of Lambda's with a stack in the log,
 * and anybody can send bad tickets.
 */
export function createAuthorizer(env: { ring: KeyRing; clock: Clock; edgeKeys?: readonly string[] }) {
  const { edgeKeys = [] } = env;
  return async (event: AuthorizerEvent) => {
    // Around the edge nothing counts by address, so nobody gets in there.
    if (!passedEdge(edgeKeys, headerOf(event, edgeHeader))) return policy("Deny", event.methodArn, "nobody", {});
    const ticket = ticketIn(headerOf(event, "sec-websocket-protocol"));
    const claims = ticket === undefined ? undefined : unseal(env, ticket, "connect");
    if (claims === undefined || isProblem(claims)) return policy("Deny", event.methodArn, "nobody", {});
    return policy("Allow", event.methodArn, claims.sessionId, { claims: JSON.stringify(claims) });
  };
}

function headerOf({ headers }: AuthorizerEvent, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

function policy(effect: "Allow" | "Deny", methodArn: string, principalId: string, context: Record<string, string>) {
  const statement = { Action: "execute-api:Invoke", Effect: effect, Resource: methodArn };
  return { principalId, policyDocument: { Version: "2012-10-17", Statement: [statement] }, context };
}
