import type { IncomingMessage } from "node:http";

/** An HTTP API's `CorsConfiguration`. Deployments have none: `infra/api.ts`. */
export type Cors = {
  readonly allowOrigins?: readonly string[];
  readonly allowMethods?: readonly string[];
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
};

type Headers = Record<string, string>;

export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === "OPTIONS" && headers.origin !== undefined && headers["access-control-request-method"] !== undefined;
}

const allowed = (list: readonly string[] = [], value: string) => list.includes("*") || list.includes(value);

/**
 * The CORS headers of an API that has a configuration, be it an empty one; those of its Lambda are dropped for them:
 * docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function corsHeaders(cors: Cors, { headers }: IncomingMessage, preflight: boolean): Headers {
  const { origin = "" } = headers;
  if (!allowed(cors.allowOrigins, origin)) return {};
  return {
    "access-control-allow-origin": cors.allowOrigins?.includes("*") ? "*" : origin,
    ...(preflight && cors.allowMethods && { "access-control-allow-methods": cors.allowMethods.join(",") }),
    ...(preflight && cors.allowHeaders && { "access-control-allow-headers": cors.allowHeaders.join(",") }),
    ...(!preflight && cors.exposeHeaders && { "access-control-expose-headers": cors.exposeHeaders.join(",") }),
  };
}

export function withoutCors(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith("access-control-")));
}
