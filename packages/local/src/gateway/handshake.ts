import type { IncomingMessage } from "node:http";
import type { Clock } from "../clock/clock.ts";
import type { Random } from "../fault/random.ts";
import { authorize } from "./authorize.ts";
import { apiId, type ConnectionFacts, requestContext } from "./context.ts";
import type { AuthorizerContext, AuthorizerEvent, ConnectEvent, Handlers, ProxyResult } from "./event.ts";
import { gatewayId } from "./id.ts";
import { identified } from "./identity-source.ts";
import type { Invoke, Outcome } from "./invoke.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { headersOf, queryOf, targetOf } from "./request.ts";

export type Granted = { authorizer: AuthorizerContext; protocol: string | undefined };

export type HandshakeEnv = {
  clock: Clock;
  random: Random;
  invoke: Invoke;
  handlers: Pick<Handlers, "authorizer" | "connect">;
  identitySources: readonly string[];
  /** Waited for before each invocation. */
  delay: () => Promise<void>;
};

function isProxyResult(value: unknown): value is ProxyResult {
  return typeof value === "object" && value !== null && "statusCode" in value && Number.isInteger(value.statusCode);
}

function answerOf(outcome: Outcome<ProxyResult>): Omit<Granted, "authorizer"> | Refusal {
  if (outcome.is === "timed out") return refusal(504);
  if (outcome.is !== "returned" || !isProxyResult(outcome.value)) return refusal(502);
  const { statusCode, headers = {} } = outcome.value;
  if (statusCode < 200 || statusCode > 299) return refusal(statusCode);
  const echoed = Object.entries(headers).find(([name]) => name.toLowerCase() === "sec-websocket-protocol");
  return { protocol: echoed?.[1] };
}

/** Runs the authorizer, then the `$connect` integration. Until both have said yes there is no connection. */
export async function handshake(env: HandshakeEnv, request: IncomingMessage, facts: ConnectionFacts): Promise<Granted | Refusal> {
  const asked = { ...headersOf(request), ...queryOf(targetOf(request)) };
  const context = () => {
    const common = requestContext(facts, env.clock.now(), gatewayId(env.random));
    return { ...common, routeKey: "$connect", eventType: "CONNECT" } as const;
  };
  const authorizerEvent: AuthorizerEvent = {
    type: "REQUEST",
    methodArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/${facts.stage}/$connect`,
    ...asked,
    stageVariables: {},
    requestContext: context(),
  };
  if (!env.identitySources.every((source) => identified(source, authorizerEvent))) return refusal(401);
  await env.delay();
  const authorized = await authorize(env, authorizerEvent);
  if ("status" in authorized) return authorized;
  await env.delay();
  const connectEvent: ConnectEvent = { ...asked, requestContext: { ...context(), ...authorized }, isBase64Encoded: false };
  const connected = answerOf(await env.invoke("$connect", facts.connectionId, () => env.handlers.connect(connectEvent)));
  return "status" in connected ? connected : { ...authorized, ...connected };
}
