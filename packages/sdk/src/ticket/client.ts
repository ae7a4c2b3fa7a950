import { ClientSessionId } from "@tether/protocol/id";
import type { BodyOf } from "@tether/protocol/route/route";
import { createClientTicket } from "@tether/protocol/route/ticket";
import type { Platform } from "../platform.ts";
import { ownRefusal, type Posted, post } from "./post.ts";
import type { TicketSource } from "./source.ts";

/** Gives the user's OIDC token. `fresh`: the last one was refused as expired, or renewed no lease. Rejecting means: try again later. */
export type TokenCallback = (hint: { readonly fresh: boolean }) => Promise<string>;

type Wanted = BodyOf<typeof createClientTicket>;
type Env = Pick<Platform, "fetch"> & { readonly api: string; readonly robot: string; readonly token: TokenCallback };

/** Fetches a client's tickets with the user's token. */
export function clientTickets(env: Env): TicketSource {
  async function ask(body: Wanted, signal: AbortSignal, fresh: boolean): Promise<Posted> {
    let token: string;
    try {
      token = await env.token({ fresh });
    } catch {
      return ownRefusal("token.failed");
    }
    return post({ fetch: env.fetch, api: env.api, token }, createClientTicket, { body, signal });
  }

  async function askTwice(body: Wanted, signal: AbortSignal, fresh = false): Promise<Posted> {
    const posted = await ask(body, signal, fresh);
    const stale = !fresh && "details" in posted && posted.details?.code === "auth.expired";
    return stale && !signal.aborted ? ask(body, signal, true) : posted;
  }

  return async ({ use, session, fresh }, signal) => {
    const id = ClientSessionId.safeParse(session);
    const wanted: Wanted = { robot: env.robot, use };
    if (!id.success) return askTwice(wanted, signal, fresh);
    const posted = await askTwice({ ...wanted, session: id.data }, signal, fresh);
    const code = "details" in posted ? posted.details?.code : undefined;
    const gone = use === "connect" && (code === "session.unknown" || code === "session.ended");
    return gone && !signal.aborted ? askTwice(wanted, signal) : posted;
  };
}
