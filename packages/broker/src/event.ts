import type { Identity } from "@tether/core/session";
import type { Claims } from "@tether/core/ticket";

/** The fields of API Gateway's WebSocket events that the broker reads. */
export type ConnectionEvent = {
  readonly requestContext: {
    readonly connectionId: string;
    readonly connectedAt: number;
    readonly requestTimeEpoch?: number;
    readonly authorizer?: { readonly [name: string]: unknown };
    readonly disconnectStatusCode?: number;
    readonly disconnectReason?: string | null;
  };
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
};

export type AuthorizerEvent = {
  readonly methodArn: string;
  readonly headers?: { readonly [name: string]: string | undefined } | null;
};

export type Answer = { readonly statusCode: number; readonly headers?: Record<string, string>; readonly body?: string };

/** The ticket's claims as the authorizer left them: it alone can write there, so they are believed. */
export function claimsOf({ requestContext }: ConnectionEvent): Claims {
  const { claims } = requestContext.authorizer ?? {};
  if (typeof claims !== "string") throw new Error("the event carries no claims: is the authorizer attached to $connect?");
  return JSON.parse(claims) as Claims;
}

export function identityOf(event: ConnectionEvent): Identity {
  const { kind, robotId, sessionId, epoch, principal } = claimsOf(event);
  const { connectionId, connectedAt } = event.requestContext;
  return { kind, robotId, sessionId, epoch, principal, connection: { id: connectionId, since: connectedAt } };
}
