import type { IncomingMessage } from "node:http";
import type { Headers, Query } from "./event.ts";

function collect(pairs: Iterable<[string, string]>): { last: Record<string, string>; all: Record<string, string[]> } {
  const all: Record<string, string[]> = {};
  for (const [name, value] of pairs) all[name] = [...(all[name] ?? []), value];
  const last = Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values.at(-1) ?? ""]));
  return { last, all };
}

function pairs(raw: string[]): [string, string][] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ""] satisfies [string, string]] : []));
}

export function sourceIp(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? "";
}

/** The headers as the client spelled them, and those the gateway adds. */
export function headersOf(request: IncomingMessage): Headers {
  const added: [string, string][] = [
    ["X-Forwarded-For", sourceIp(request)],
    ["X-Forwarded-Port", String(request.socket.localPort)],
    ["X-Forwarded-Proto", "http"],
  ];
  const { last, all } = collect([...pairs(request.rawHeaders), ...added]);
  return { headers: last, multiValueHeaders: all };
}

/** Recorded `$disconnect` events carry these and no header of the client. */
export function disconnectHeaders(domainName: string): Headers {
  const headers = { Host: domainName, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" };
  return { headers, multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])) };
}

/** Taken apart by hand: `URL` throws at targets that a client may well send, such as `//`. */
export function targetOf({ url = "/" }: Pick<IncomingMessage, "url">): { pathname: string; searchParams: URLSearchParams } {
  const end = url.indexOf("?");
  return end === -1
    ? { pathname: url, searchParams: new URLSearchParams() }
    : { pathname: url.slice(0, end), searchParams: new URLSearchParams(url.slice(end)) };
}

/** The query's fields are left out when there is none. */
export function queryOf(url: { searchParams: URLSearchParams }): Query {
  if (url.searchParams.size === 0) return {};
  const { last, all } = collect(url.searchParams);
  return { queryStringParameters: last, multiValueQueryStringParameters: all };
}
