import { type Answered, type Api, createApi, type Failure } from "@tether/sdk/api";
import type { Platform } from "@tether/sdk/platform";
import { unreachable } from "./failure.ts";

type Env = {
  readonly fetch: Platform["fetch"];
  /** The API's address. */
  readonly origin: string;
  /** The token now; with `anew`, one that was renewed first. Undefined where nobody is signed in. */
  readonly token: (anew?: boolean) => Promise<string | undefined>;
};

/** The HTTP API as a person who is signed in uses it, with failures in the console's words. */
export function openApi({ fetch, origin, token }: Env): Api {
  const { call, list } = createApi({ api: origin, fetch, token: ({ fresh }) => token(fresh) });
  return {
    call: async (route, asked) => inWords(await call(route, asked)),
    list: async (route, asked, until) => inWords(await list(route, asked, until)),
  };
}

function inWords<Value>(answered: Answered<Value>): Answered<Value> {
  return "failure" in answered && isUnreached(answered.failure) ? { failure: { ...answered.failure, ...unreachable } } : answered;
}

function isUnreached({ code }: Failure): boolean {
  return code === unreachable.code;
}
