import type { ProblemCode } from "@tether/protocol/problem";
import type { routes } from "@tether/protocol/route";
import type { AnswerOf, Route } from "@tether/protocol/route/route";
import type { Platform } from "../platform.ts";
import { problemReason } from "../problem-reason.ts";
import { reason } from "../reason.ts";
import { type Answered, type Asked, ask, type Failure } from "./ask.ts";

/** The options of `createApi`: where, and as whom. */
export type ApiOptions = {
  /** The API's address, e.g. `https://api.example.org`. */
  readonly api: string;
  /** Gives the user's OIDC token for a request. `fresh`: the last one was refused as expired. Undefined: nobody is signed in. */
  readonly token: (hint: { readonly fresh: boolean }) => Promise<string | undefined>;
  /** Default: the runtime's. */
  readonly fetch?: Platform["fetch"];
};

/** A route whose answer is a page of a list. */
export type ListRoute = Extract<(typeof routes)[keyof typeof routes], { readonly id: `list${string}` }>;

/** An item of the list that a route answers. */
export type ItemOf<Of extends ListRoute> = AnswerOf<Of> extends { readonly items: readonly (infer Item)[] } ? Item : never;

type Page<Item> = { readonly items: readonly Item[]; readonly cursor?: string | undefined };

/** How far a list is followed. */
export type Until<Item> = {
  /** Default: 1,000 pages. */
  readonly pages?: number;
  /** Told each page's items; true ends the list there. Default: to its end. */
  readonly enough?: (page: readonly Item[]) => boolean;
};

/** The HTTP API as one user. No method rejects: what goes wrong is a `failure`, with the fact and the first thing to do. */
export interface Api {
  /** Asks a route, e.g. `api.call(routes.getRobot, { params: { robot } })`. A token that is refused as expired is renewed once. */
  call<Of extends Route>(route: Of, asked: Asked<Of>): Promise<Answered<AnswerOf<Of>>>;
  /** The items of a list, page by page to its end, or as far as `until` says. */
  list<Of extends ListRoute>(route: Of, asked: Asked<Of>, until?: Until<ItemOf<Of>>): Promise<Answered<readonly ItemOf<Of>[]>>;
}

/** Makes a client of the HTTP API that asks as the user whom `token` names. */
export function createApi({ api, token, fetch = (url, init) => globalThis.fetch(url, init) }: ApiOptions): Api {
  async function asUser<Of extends Route>(route: Of, asked: Asked<Of>, fresh: boolean): Promise<Answered<AnswerOf<Of>>> {
    if (route.security === "none" || route.security === "key") return ask({ fetch, api }, route, asked);
    let current: string | undefined;
    try {
      current = await token({ fresh });
    } catch {
      return { failure: { ...reason("token.failed"), ...unasked } };
    }
    if (current === undefined) return { failure: failureOfProblem("auth.missing") };
    const answered = await ask({ fetch, api, token: current }, route, asked);
    // The service's clock may be ahead of this one: a token that is good here can be over there.
    const isOver = "failure" in answered && answered.failure.code === "auth.expired";
    return isOver && !fresh && !asked.signal?.aborted ? asUser(route, asked, true) : answered;
  }

  const call: Api["call"] = (route, asked) => asUser(route, asked, false);

  return {
    call,
    async list<Of extends ListRoute>(route: Of, asked: Asked<Of>, { pages = 1_000, enough = () => false }: Until<ItemOf<Of>> = {}) {
      const items: ItemOf<Of>[] = [];
      let cursor: string | undefined;
      for (let count = 0; count < pages; count++) {
        const query = { ...asked.query, ...(cursor !== undefined && { cursor }) };
        const answered = await call(route, { ...asked, query } as Asked<Of>);
        if ("failure" in answered) return answered;
        const page: Page<unknown> = answered.value;
        const found = page.items as readonly ItemOf<Of>[];
        items.push(...found);
        cursor = page.cursor;
        if (cursor === undefined || enough(found)) break;
      }
      return { value: items };
    },
  };
}

const unasked = { status: undefined, problem: undefined, afterMs: 0 } as const;

/** A failure in the words of a problem that this end knows without asking. */
export function failureOfProblem(code: ProblemCode): Failure {
  return { ...problemReason(code), ...unasked };
}
