import { ProblemDetails } from "@tether/protocol/problem";
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, Route } from "@tether/protocol/route/route";
import type { Platform } from "../platform.ts";
import { failureOf, type OwnCode, type Reason, reason } from "../reason.ts";

type Field<Name extends string, Value> = [Value] extends [never] ? { readonly [_ in Name]?: never } : { readonly [_ in Name]: Value };
type Optional<Name extends string, Value> = { readonly [_ in Name]?: Value | undefined };

/** The input of a route: its path's parameters, its query and its body, as far as it has them. */
export type Asked<Of extends Route> = Field<"params", ParamsOf<Of>> &
  Field<"body", BodyOf<Of>> &
  (Partial<QueryOf<Of>> extends QueryOf<Of> ? Optional<"query", QueryOf<Of>> : Field<"query", QueryOf<Of>>) & {
    /** The same key lets the same request be sent again without being done twice. Only routes that create something take one. */
    readonly idempotencyKey?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  };

/** The same where the route is any. */
type AnyAsked = {
  readonly params?: object;
  readonly query?: object | undefined;
  readonly body?: unknown;
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Why there is no answer: the fact and the first thing to do, in the service's words where it was heard. */
export type Failure = Reason & {
  /** The status of the answer; undefined where there was none. */
  readonly status: number | undefined;
  /** The service's problem as it came (RFC 9457); undefined where something else answered, or nothing. */
  readonly problem: ProblemDetails | undefined;
  /** How long the service wants to be left alone, in ms. */
  readonly afterMs: number;
};

/** The answer of a route: its value, or why there is none. */
export type Answered<Value> = { readonly value: Value } | { readonly failure: Failure };

type Env = { readonly fetch: Platform["fetch"]; readonly api: string; readonly token?: string | undefined };

/** Asks a route once. Never rejects; an aborted request is `network.failed`. */
export async function ask<Of extends Route>({ fetch, api, token }: Env, route: Of, asked: Asked<Of>): Promise<Answered<AnswerOf<Of>>> {
  const { params, query, body, idempotencyKey, signal } = asked as AnyAsked;
  try {
    const response = await fetch(addressOf(api, route, { params, query }), {
      method: route.method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
      credentials: "omit",
      cache: "no-store",
    });
    const json: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
    if (!response.ok) return { failure: refusal(response, json) };
    const answer = route.answer ? route.answer.safeParse(json) : { success: true as const, data: undefined };
    if (!answer.success) return { failure: { ...reason("answer.invalid"), status: response.status, problem: undefined, afterMs: 0 } };
    return { value: answer.data as AnswerOf<Of> };
  } catch (error) {
    return { failure: { ...failureOf(error), status: undefined, problem: undefined, afterMs: 0 } };
  }
}

/** A parameter's text cannot leave its place in the path, nor a value its place in the query. */
function addressOf(
  api: string,
  { path }: Route,
  { params = {}, query = {} }: Pick<AnyAsked, "query"> & { params: object | undefined },
): string {
  const values = new Map<string, unknown>(Object.entries(params));
  const url = new URL(
    path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(values.get(name) ?? ""))),
    api,
  );
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

function refusal({ status, headers }: Response, json: unknown): Failure {
  const afterMs = retryAfterMs(headers.get("retry-after"));
  const details = ProblemDetails.safeParse(json);
  // The word of what stands before the service: it says nothing about us, so trying again may help.
  if (!details.success) return { ...reason(codeOfStatus(status)), status, problem: undefined, afterMs };
  const { code, title, detail } = details.data;
  const says = title === "" ? `The service refused: ${code}.` : title;
  return { code, says, remedy: detail, status, problem: details.data, afterMs };
}

function codeOfStatus(status: number): OwnCode {
  if (status === 429) return "service.busy";
  return status >= 500 ? "network.failed" : "answer.invalid";
}

/** Delta-seconds only (RFC 9110 §10.2.3); a date would need a clock that is right. At most 5 min are believed. */
function retryAfterMs(header: string | null): number {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 300) * 1000 : 0;
}
