import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../clock/clock.ts";
import type { Random } from "../fault/random.ts";
import type { Account } from "./account.ts";
import { bodyOf } from "./body.ts";
import { type Cors, corsHeaders, isPreflight, withoutCors } from "./cors.ts";
import { decodedPath, type HttpEvent, httpEvent } from "./http-event.ts";
import { gatewayId } from "./id.ts";

/** The Lambda's answer. */
export type HttpResult = {
  statusCode: number;
  headers?: Record<string, string>;
  cookies?: string[];
  body?: string;
  isBase64Encoded?: boolean;
};

export type HttpApiOptions = {
  clock: Clock;
  random: Random;
  handler: (event: HttpEvent) => Promise<HttpResult>;
  account: Pick<Account, "admits" | "enter">;
  /** Waited for before an environment begins. */
  coldStart: () => Promise<void>;
  /** None unless told, as it is deployed. */
  cors?: Cors | undefined;
};

/** An HTTP API's own quota (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html). */
const bodyBytes = 10 * 1024 * 1024;

/** API Gateway's HTTP API, as far as it changes what passes: it decodes paths, and with a CORS configuration answers preflights itself. */
export function createHttpApi({ clock, random, handler, account, coldStart, cors }: HttpApiOptions) {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request, bodyBytes);
    if (cors && isPreflight(request)) return void response.writeHead(204, corsHeaders(cors, request, true)).end();
    const say = (status: number, message: string) =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ message }));
    if (!account.admits()) return say(429, "Too Many Requests");
    const path = decodedPath((request.url ?? "/").split("?", 1)[0] ?? "/");
    if (path === undefined) return say(400, "Bad Request");
    if (!body) return say(413, "Request Entity Too Large");
    const event = httpEvent(request, { path, body, now: clock.now(), requestId: gatewayId(random), routeKey: "$default" });
    const leave = account.enter();
    if (!leave) return say(503, "Service Unavailable");
    await coldStart();
    const result = await handler(event)
      .catch(() => undefined)
      .finally(leave);
    // API Gateway's own answer where a Lambda gave none.
    if (!result) return say(500, "Internal Server Error");
    const headers = cors ? { ...withoutCors(result.headers ?? {}), ...corsHeaders(cors, request, false) } : (result.headers ?? {});
    response.writeHead(result.statusCode, { ...headers, ...(result.cookies && { "set-cookie": result.cookies }) });
    response.end(Buffer.from(result.body ?? "", result.isBase64Encoded ? "base64" : "utf8"));
  }

  return {
    /** For the server's "request". */
    handle(request: IncomingMessage, response: ServerResponse): void {
      // Only a request that broke off can fail here, and nobody is left to be answered.
      answer(request, response).catch(() => response.destroy());
    },
  };
}
