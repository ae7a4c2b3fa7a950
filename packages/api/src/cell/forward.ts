import type { CellRequest } from "@tether/aws/cell";
import { problem } from "@tether/protocol/problem";
import type { Context } from "hono";
import { refuse } from "../answer.ts";
import { sourceOf } from "../source.ts";
import type { Variables } from "../variables.ts";

/** The headers that are handed on of a request, and of an answer. */
const [asked, answered] = [
  ["authorization", "content-type", "idempotency-key"],
  ["content-type", "cache-control", "retry-after", "www-authenticate"],
];

/** The request as another cell is asked it. */
export async function requestOf(c: Context<Variables>): Promise<CellRequest> {
  const { pathname, search } = new URL(c.req.url);
  const headers = asked.flatMap((name) => {
    const value = c.req.header(name);
    return value === undefined ? [] : [[name, value]];
  });
  const body = c.req.method === "GET" ? "" : await c.req.text();
  return { method: c.req.method, path: `${pathname}${search}`, headers: Object.fromEntries(headers), body, source: sourceOf(c) };
}

/** Has another cell answer the request. What is no answer of its API's is none: the gateway before it, or nothing at all. */
export async function forward(c: Context<Variables>, cell: string): Promise<Response> {
  c.var.line.cell = cell;
  const answer = await c.var.env.cells?.ask(cell, await requestOf(c));
  if (answer?.status === 429) return refuse(c, problem("rate.limited"), { "retry-after": answer.headers.get("retry-after") ?? "1" });
  if (!answer || !isOfApi(answer)) return refuse(c, problem("unavailable"));
  const headers = answered.flatMap((name) => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value] as [string, string]];
  });
  c.var.line.outcome = `cell.${answer.status}`;
  return new Response(answer.status === 204 ? null : await answer.text(), { status: answer.status, headers });
}

/** A refusal by the key that home shows is no word about who asks home. */
export function isOfApi({ status, headers }: Response): boolean {
  const type = headers.get("content-type") ?? "";
  const isProblem = type.startsWith("application/problem+json");
  return status === 204 || (status < 300 ? type.startsWith("application/json") : isProblem);
}
