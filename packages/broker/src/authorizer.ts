import type { Clock } from "@tether/core/clock";
import type { KeyRing } from "@tether/core/ticket";
import { unseal } from "@tether/core/ticket/seal";
import { isProblem } from "@tether/protocol/problem";
import { ticketIn } from "@tether/protocol/subprotocol";
import type { AuthorizerEvent } from "./event.ts";

/**
 * API Gateway's REQUEST authorizer: HMAC only, no store. The ticket's claims become the context of every event of the
 * connection. `Unauthorized` is the word that makes the gateway answer 401; a Deny makes it answer 403.
 */
export function createAuthorizer(env: { ring: KeyRing; clock: Clock }) {
  return async (event: AuthorizerEvent) => {
    const ticket = ticketIn(headerOf(event, "sec-websocket-protocol"));
    if (ticket === undefined) throw new Error("Unauthorized");
    const claims = unseal(env, ticket, "connect");
    if (!isProblem(claims)) return policy("Allow", event.methodArn, claims.sessionId, { claims: JSON.stringify(claims) });
    // A good ticket for something else is the only one that is forbidden rather than no ticket at all.
    if (claims.problem !== "ticket.purpose") throw new Error("Unauthorized");
    return policy("Deny", event.methodArn, "nobody", {});
  };
}

function headerOf({ headers }: AuthorizerEvent, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

function policy(effect: "Allow" | "Deny", methodArn: string, principalId: string, context: Record<string, string>) {
  const statement = { Action: "execute-api:Invoke", Effect: effect, Resource: methodArn };
  return { principalId, policyDocument: { Version: "2012-10-17", Statement: [statement] }, context };
}
