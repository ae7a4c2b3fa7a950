import type { FromBroker } from "@tether/protocol/frame";
import { type Problem, problem } from "@tether/protocol/problem";
import type { Role } from "@tether/protocol/role";
import { announce } from "../delivery/control.ts";
import { controlOf, type Lease } from "../live/control-lease.ts";
import { type Live, peersOf } from "../live/read.ts";
import { actorOf } from "../live/session.ts";
import type { Event } from "../machine/control/event.ts";
import { apply } from "../machine/control/write.ts";
import { type Driver, drives, type Env, holding } from "./driver.ts";
import { signPermit } from "./permit.ts";

/** The frame that hands the holder its permit. */
export function permitFrame({ controlKeys, clock }: Env, lease: Lease, id: string | undefined): FromBroker {
  if (lease.state !== "held") throw new Error("only the holder of control has a permit");
  const permit = signPermit(controlKeys, lease, clock.now());
  return { type: "control.granted", ...(id !== undefined && { id }), permit, control: controlOf(lease) };
}

type Holding = Extract<Event, { type: "granted" | "unanswered" | "taken" }>;
type Asks = { readonly type: Holding["type"]; readonly id: string | undefined; readonly reason?: string; readonly needed?: Role };

/**
 * Gives control to who asks: everyone is told before the permit is handed out. `moved`: the lease is not what it was read as, and
 * the caller looks again.
 */
export async function hold(env: Env, live: Live, driver: Driver, asks: Asks): Promise<FromBroker | Problem | "moved"> {
  const at = env.clock.now();
  const isWatched = peersOf(live.sessions, "robot").some(({ sessionId, state }) => sessionId !== driver.sessionId && state === "online");
  const event = { type: asks.type, at, actor: actorOf(driver), ...holding(driver, at), isWatched, reason: asks.reason } as Holding;
  const applied = await apply(env, live.control, event, (entities) => drives(entities, driver, asks.needed));
  if (applied.outcome === "refused") return problem(applied.lost === "session" ? "session.superseded" : "access.denied");
  if (applied.outcome === "ignored") return "moved";
  await announce(env, live, applied);
  return permitFrame(env, applied.lease, asks.id);
}
