import { createRobotTicket } from "@tether/protocol/route/ticket";
import { assertion } from "../assertion/assertion.ts";
import { byServerClock } from "../assertion/by-server-clock.ts";
import type { Signer } from "../assertion/signer.ts";
import type { Platform } from "../platform.ts";
import { ownRefusal, type Posted, post } from "./post.ts";
import type { TicketSource, Wanted } from "./source.ts";

type Env = Pick<Platform, "fetch" | "clock" | "random"> & { readonly api: string; readonly robot: string; readonly signer: Signer };

/** Fetches a robot's tickets with an assertion signed for each (RFC 7523). A clock that is off is corrected once an ask. */
export function robotTickets(env: Env): TicketSource {
  let offsetMs = 0;

  async function ask(at: number, { use, instance }: Wanted, signal: AbortSignal): Promise<Posted> {
    offsetMs = at - env.clock.now();
    let signed: string;
    try {
      signed = await assertion(env, { robot: env.robot, audience: new URL(env.api).origin, at });
    } catch {
      return ownRefusal("token.failed");
    }
    const body = { assertion: signed, use, ...(instance && { instance }) };
    return post({ fetch: env.fetch, api: env.api }, createRobotTicket, { body, signal });
  }

  return (wanted, signal) =>
    byServerClock(
      env.clock.now() + offsetMs,
      (at) => ask(at, wanted, signal),
      (posted) => ("details" in posted && !signal.aborted ? posted.details : undefined),
    );
}
