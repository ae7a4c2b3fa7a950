import type { IncomingMessage } from "node:http";
import { apiId } from "./context.ts";
import { sourceIp } from "./request.ts";

/**
 * The event that an HTTP API hands to its Lambda, payload format 2.0:
 * docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export type HttpEvent = {
  version: "2.0";
  routeKey: string;
  /** Decoded once by the gateway, which Lambda Function URLs and REST APIs do not do. */
  rawPath: string;
  /** As the client wrote it. */
  rawQueryString: string;
  headers: Record<string, string>;
  cookies?: string[];
  queryStringParameters?: Record<string, string>;
  body?: string;
  isBase64Encoded: boolean;
  requestContext: {
    accountId: string;
    apiId: string;
    domainName: string;
    domainPrefix: string;
    http: { method: string; path: string; protocol: string; sourceIp: string; userAgent: string };
    requestId: string;
    routeKey: string;
    stage: string;
    time: string;
    timeEpoch: number;
  };
};

/** Several headers of one name are joined by commas; cookies have a list of their own. */
function headersOf(request: IncomingMessage): Pick<HttpEvent, "headers" | "cookies"> {
  const { cookie, ...others } = request.headers;
  // Like every hop, the gateway adds whom it saw to what was there.
  const forwarded = [request.headers["x-forwarded-for"] ?? [], sourceIp(request)].flat().join(", ");
  const headers = Object.fromEntries(Object.entries(others).map(([name, value]) => [name, [value ?? ""].flat().join(",")]));
  return { headers: { ...headers, "x-forwarded-for": forwarded }, ...(cookie !== undefined && { cookies: cookie.split("; ") }) };
}

/** The path as Lambda sees it: percent-decoded, and cut at what then is a question mark. `undefined` where it cannot be decoded. */
export function decodedPath(path: string): string | undefined {
  try {
    return decodeURIComponent(path).split("?", 1)[0] ?? "";
  } catch {
    return undefined;
  }
}

export function httpEvent(
  request: IncomingMessage,
  { path, body, now, requestId, routeKey }: { path: string; body: Buffer; now: number; requestId: string; routeKey: string },
): HttpEvent {
  const method = request.method ?? "GET";
  const [, query = ""] = /\?(.*)$/s.exec(request.url ?? "") ?? [];
  const host = request.headers.host ?? "";
  const binary = !/^(text\/|application\/(json|javascript|xml|.+\+json))/.test(request.headers["content-type"] ?? "text/");
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...headersOf(request),
    ...(query !== "" && { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
    ...(body.length > 0 && { body: body.toString(binary ? "base64" : "utf8") }),
    isBase64Encoded: body.length > 0 && binary,
    requestContext: {
      accountId: "000000000000",
      apiId,
      domainName: host,
      domainPrefix: host.split(".", 1)[0] ?? "",
      http: {
        method,
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: sourceIp(request),
        userAgent: request.headers["user-agent"] ?? "",
      },
      requestId,
      routeKey,
      stage: "$default",
      time: new Date(now).toISOString(),
      timeEpoch: now,
    },
  };
}
