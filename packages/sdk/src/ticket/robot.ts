import { createRobotTicket } from "@tether/protocol/route/ticket";
import { assertion } from "../assertion/assertion.ts";
import type { Signer } from "../assertion/signer.ts";
import type { Platform } from "../platform.ts";
import { ownRefusal, type Posted, post } from "./post.ts";
import type { TicketSource, Wanted } from "./source.ts";

type Env = Pick<Platform, "fetch" | "clock" | "random"> & { readonly api: string; readonly robot: string; readonly signer: Signer };

/** Fetches a robot's tickets with an assertion signed for each (RFC 7523). A clock that is off is corrected once an ask. */
export function robotTickets(env: Env): TicketSource {
  let offsetMs = 0;

  async function ask({ use, instance }: Wanted, signal: AbortSignal): Promise<Posted> {
    let signed: string;
    try {
      signed = await assertion(env, { robot: env.robot, audience: new URL(env.api).origin, at: env.clock.now() + offsetMs });
    } catch {
      return ownRefusal("token.failed");
    }
    const body = { assertion: signed, use, ...(instance && { instance }) };
    return post({ fetch: env.fetch, api: env.api }, createRobotTicket, { body, signal });
  }

  return async (wanted, signal) => {
    const posted = await ask(wanted, signal);
    const details = "details" in posted ? posted.details : undefined;
    if (details?.code !== "assertion.clock" || signal.aborted) return posted;
    offsetMs = details.serverTime - env.clock.now(); // E6
    return ask(wanted, signal);
  };
}
