import type * as z from "zod/mini";
import type { Context } from "../context.ts";
import { isTrouble, type Trouble } from "../exit.ts";
import { type Answer, ask, invalidAnswer } from "../http/ask.ts";
import { refusalOf } from "../http/refusal.ts";
import { currentSignIn, renewSignIn } from "../sign-in/current.ts";
import type { StoredSignIn } from "../sign-in/stored.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Page<Item> = { readonly items: readonly Item[]; readonly cursor?: string | undefined };

/** The service as the user who is signed in. `path` is what follows `/v1`. */
export type Service = {
  readonly api: string;
  call<Value>(method: Method, path: string, schema: z.ZodMiniType<Value>, body?: object): Promise<Value | Trouble>;
  /** Sends a request whose answer has no content. */
  order(method: Method, path: string, body?: object): Promise<"done" | Trouble>;
  /** A list's items, page by page, until all are there or `enough` of a page says so. */
  list<Item>(
    path: string,
    schema: z.ZodMiniType<Page<Item>>,
    enough?: (page: readonly Item[]) => boolean,
  ): Promise<readonly Item[] | Trouble>;
};

export async function openService(context: Context): Promise<Service | Trouble> {
  const kept = await currentSignIn(context);
  return isTrouble(kept) ? kept : serviceOf(context, kept);
}

function serviceOf(context: Context, kept: StoredSignIn): Service {
  const { api } = kept;
  let token = kept.idToken;

  function send(method: Method, url: string, body?: object): Promise<Answer | Trouble> {
    const headers = { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) };
    return ask(context, url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  }

  async function asked(method: Method, path: string, body?: object): Promise<Answer | Trouble> {
    const url = `${api}/v1${path}`;
    const answer = await send(method, url, body);
    if (isTrouble(answer) || answer.status < 300) return answer;
    const refusal = refusalOf(url, answer);
    if (refusal.code !== "auth.expired") return refusal;
    // The service may find the token expired earlier than this machine does, whose clock may be behind.
    const next = await renewSignIn(context, token);
    if (isTrouble(next)) return next;
    token = next.idToken;
    const again = await send(method, url, body);
    return isTrouble(again) || again.status < 300 ? again : refusalOf(url, again);
  }

  async function call<Value>(method: Method, path: string, schema: z.ZodMiniType<Value>, body?: object): Promise<Value | Trouble> {
    const answer = await asked(method, path, body);
    if (isTrouble(answer)) return answer;
    const parsed = schema.safeParse(answer.json);
    return parsed.success ? parsed.data : invalidAnswer(api);
  }

  return {
    api,
    call,
    async order(method, path, body) {
      const answer = await asked(method, path, body);
      return isTrouble(answer) ? answer : "done";
    },
    async list<Item>(path: string, schema: z.ZodMiniType<Page<Item>>, enough: (page: readonly Item[]) => boolean = () => false) {
      const items: Item[] = [];
      let cursor: string | undefined;
      do {
        const query = cursor === undefined ? "" : `${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;
        const page: Page<Item> | Trouble = await call("GET", `${path}${query}`, schema);
        if (isTrouble(page)) return page;
        items.push(...page.items);
        cursor = enough(page.items) ? undefined : page.cursor;
      } while (cursor !== undefined);
      return items;
    },
  };
}
