import { type Answered, type AnswerOf, type Asked, createApi, type ItemOf, type ListRoute, type Route, type Until } from "@tether/sdk/api";
import type { Context } from "../context.ts";
import { isTrouble, type Trouble } from "../exit.ts";
import { boundedFetch } from "../http/ask.ts";
import { troubleOf } from "../http/refusal.ts";
import { currentSignIn, renewSignIn } from "../sign-in/current.ts";
import type { StoredSignIn } from "../sign-in/stored.ts";

/** The service as the user who is signed in. */
export type Service = {
  readonly api: string;
  /** Asks a route. Undefined is the answer of one that has none. */
  call<Of extends Route>(route: Of, asked: Asked<Of>): Promise<AnswerOf<Of> | Trouble>;
  /** A list's items, page by page to its end, or as far as `until` says. */
  list<Of extends ListRoute>(route: Of, asked: Asked<Of>, until?: Until<ItemOf<Of>>): Promise<readonly ItemOf<Of>[] | Trouble>;
};

export async function openService(context: Context): Promise<Service | Trouble> {
  const kept = await currentSignIn(context);
  return isTrouble(kept) ? kept : serviceOf(context, kept);
}

function serviceOf(context: Context, kept: StoredSignIn): Service {
  const { api } = kept;
  let token = kept.idToken;
  /** Why there was no fresh token, which says more than that there was none. */
  let unrenewed: Trouble | undefined;

  const client = createApi({
    api,
    fetch: boundedFetch(context),
    async token({ fresh }) {
      if (!fresh) return token;
      // The service may find the token expired earlier than this machine does, whose clock may be behind.
      const next = await renewSignIn(context, token);
      unrenewed = isTrouble(next) ? next : undefined;
      if (!isTrouble(next)) token = next.idToken;
      return isTrouble(next) ? undefined : token;
    },
  });

  function read<Value>(answered: Answered<Value>): Value | Trouble {
    if ("value" in answered) return answered.value;
    const { failure } = answered;
    return failure.code === "auth.missing" && unrenewed ? unrenewed : troubleOf(api, failure);
  }

  return {
    api,
    call: async (route, asked) => read(await client.call(route, asked)),
    list: async (route, asked, until) => read(await client.list(route, asked, until)),
  };
}
