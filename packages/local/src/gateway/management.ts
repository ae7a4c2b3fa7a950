import type { IncomingMessage, ServerResponse } from "node:http";
import { limits } from "@tether/protocol/limits";
import type { RequestTime } from "../clock/request-time.ts";
import type { Faults } from "../fault/faults.ts";
import type { Account } from "./account.ts";
import { bodyOf } from "./body.ts";
import type { Connection } from "./connection.ts";
import { targetOf } from "./request.ts";
import { type Credentials, isSignedBy } from "./signature.ts";

function fail(response: ServerResponse, status: number, type: string): void {
  // The SDK names the exception by this header; without it the name is "Unknown".
  response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": type, connection: "keep-alive" });
  response.end(JSON.stringify({ message: type }));
}

/** The connection id in `/<stage>/@connections/<id>`, whose "@" and "=" may be percent-encoded. */
export function connectionIdIn(request: IncomingMessage, stage: string): string | undefined {
  try {
    const [, first, second, id, ...rest] = targetOf(request).pathname.split("/").map(decodeURIComponent);
    return first === stage && second === "@connections" && rest.length === 0 ? id : undefined;
  } catch {
    return undefined;
  }
}

/** The ApiGatewayManagementApi: docs.aws.amazon.com/apigatewaymanagementapi/latest/api/ */
export async function manage(
  env: {
    faults: Pick<Faults, "gone" | "strikes" | "managementMs">;
    account: Pick<Account, "admits">;
    time: Pick<RequestTime, "wait">;
    find: (connectionId: string) => Connection | undefined;
    credentials: Credentials;
  },
  connectionId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request, limits.gateway.messageBytes);
  if (!request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 ")) return fail(response, 403, "MissingAuthenticationTokenException");
  if (!body) return fail(response, 413, "PayloadTooLargeException");
  if (!isSignedBy(env.credentials, request, body)) return fail(response, 403, "InvalidSignatureException");
  // The account's bucket is everybody's; a permission is being changed; the service has a bad moment.
  if (env.faults.strikes("management.throttled") || !env.account.admits()) return fail(response, 429, "LimitExceededException");
  if (env.faults.strikes("management.forbidden")) return fail(response, 403, "ForbiddenException");
  if (env.faults.strikes("management.failing")) return fail(response, 500, "InternalServerErrorException");
  const slowMs = env.faults.managementMs();
  if (slowMs > 0) await env.time.wait(slowMs);
  const connection = env.find(connectionId);
  if (!connection) return fail(response, 410, "GoneException");
  const { facts } = connection;

  if (request.method === "POST") {
    if (env.faults.gone()) return fail(response, 410, "GoneException");
    connection.post(body);
    // The caller's time-out is over, or its connection: it does not learn that the frame is on its way.
    if (env.faults.strikes("management.lost")) response.destroy();
    else response.writeHead(200).end();
  } else if (request.method === "GET") {
    const times = { connectedAt: facts.connectedAt, lastActiveAt: connection.lastActiveAt() };
    const iso = Object.entries(times).map(([name, at]) => [name, new Date(at).toISOString()]);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ ...Object.fromEntries(iso), identity: facts.identity }));
  } else if (request.method === "DELETE") {
    connection.end(1000, "Connection Closed Normally");
    response.writeHead(204).end();
  } else {
    fail(response, 405, "MethodNotAllowedException");
  }
}
