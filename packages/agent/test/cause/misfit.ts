import type { TicketAnswer } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { greeting } from "../../../local/test/world/open-world.ts";
import { RawEnd } from "../../../local/test/world/raw-end.ts";
import { minute, second, type Town } from "./town.ts";

type Kind = { readonly as: string; readonly hello?: boolean; readonly pings?: boolean };

/** A client that no SDK of ours would be: it does not say hello, send keepalives, or hand over. */
export async function startMisfit(town: Town, robot: RobotId, { as, hello = true, pings = false }: Kind): Promise<RawEnd | undefined> {
  const { world } = town;
  const { status, body } = await world.call<TicketAnswer>("POST", "/v1/tickets/client", { as, body: { robot } });
  if (status !== 201) return undefined;
  const end = new RawEnd(world.quiet, world.system.brokerUrl, body.ticket);
  end.session = body.session.id;
  const ping = () => {
    if (end.closed) return;
    end.send({ type: "ping" });
    world.clock.after(limits.keepalive.everyMs, ping);
  };
  const { onopen } = end.socket;
  end.socket.onopen = () => {
    onopen?.();
    if (hello) end.send({ type: "hello", ...greeting });
    if (pings) ping();
  };
  // An invocation of the gateway may begin late.
  for (let waited = 0; waited < 20 && end.status === undefined; waited++) await town.pause(second);
  return end.status === 101 ? end : undefined;
}

/** Longer than the gateway lets a silent connection be, and than the grace after it. */
export const idleMs = limits.gateway.idleMs + 5 * minute;
