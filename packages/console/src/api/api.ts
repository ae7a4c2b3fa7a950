import { type Failure, failureFrom, failureOf, type Result, unreachable } from "./failure.ts";

type Schema<Value> = { safeParse(value: unknown): { success: boolean; data?: Value | undefined } };

type Asked = {
  readonly body?: object | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** The HTTP API as a person who is signed in uses it. No method rejects, except with its signal's reason. */
export interface Api {
  get<Value>(schema: Schema<Value>, path: string, signal?: AbortSignal): Promise<Result<Value>>;
  send<Value>(schema: Schema<Value>, method: "POST" | "PUT" | "PATCH", path: string, asked?: Asked): Promise<Result<Value>>;
  /** The schema of an answer without a body. */
  order(method: "POST" | "DELETE", path: string, asked?: Asked): Promise<Failure | undefined>;
}

type Env = {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly origin: string;
  /** The token now; with `anew`, one that was renewed first. Undefined where nobody is signed in. */
  readonly token: (anew?: boolean) => Promise<string | undefined>;
};

export function createApi({ fetch, origin, token }: Env): Api {
  async function ask(method: string, path: string, { body, idempotencyKey, signal }: Asked, anew = false): Promise<Result<unknown>> {
    const bearer = await token(anew);
    if (bearer === undefined) return { failure: failureOf("auth.missing") };
    try {
      const response = await fetch(`${origin}/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${bearer}`,
          ...(body && { "content-type": "application/json" }),
          ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
        },
        ...(body && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
        credentials: "omit",
        cache: "no-store",
      });
      const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
      if (response.ok) return { value: answer };
      // The service's clock may be ahead of this one: a token that is good here can be over there.
      if (response.status === 401 && !anew) return ask(method, path, { body, idempotencyKey, signal }, true);
      return { failure: failureFrom(response.status, answer) };
    } catch (error) {
      if (signal?.aborted) throw error;
      return { failure: unreachable };
    }
  }

  async function read<Value>(schema: Schema<Value>, method: string, path: string, asked: Asked): Promise<Result<Value>> {
    const result = await ask(method, path, asked);
    if ("failure" in result) return result;
    const parsed = schema.safeParse(result.value);
    return parsed.success ? { value: parsed.data as Value } : { failure: failureFrom(200, undefined) };
  }

  return {
    get: (schema, path, signal) => read(schema, "GET", path, signal ? { signal } : {}),
    send: (schema, method, path, asked = {}) => read(schema, method, path, asked),
    async order(method, path, asked = {}) {
      const result = await ask(method, path, asked);
      return "failure" in result ? result.failure : undefined;
    },
  };
}
