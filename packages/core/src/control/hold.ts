import type { FromBroker } from "@tether/protocol/frame";
import { type Problem, problem } from "@tether/protocol/problem";
import type { Role } from "@tether/protocol/role";
import type { Live } from "../session/read.ts";
import { actorOf } from "../session/session.ts";
import { type Driver, drives, type Env, holding } from "./driver.ts";
import type { Event } from "./event.ts";
import { controlOf, type Lease } from "./lease.ts";
import { signPermit } from "./permit.ts";
import { announce } from "./settle.ts";
import { apply } from "./write.ts";

/** What the holder is told. */
export function permitFrame({ controlKeys, clock }: Env, lease: Lease, id: string | undefined): FromBroker {
  if (lease.state !== "held") throw new Error("only the holder of control has a permit");
  const permit = signPermit(controlKeys, lease, clock.now());
  return { type: "control.granted", ...(id !== undefined && { id }), grant: permit, control: controlOf(lease) };
}

type Holding = Extract<Event, { type: "granted" | "unanswered" | "taken" }>;
type Asks = { readonly type: Holding["type"]; readonly id: string | undefined; readonly reason?: string; readonly needed?: Role };

/**
 * Gives control to who asks: everyone is told before the permit is handed out. `moved`: the lease is not what it was read as, and
 * the caller looks again.
 */
export async function hold(env: Env, live: Live, driver: Driver, asks: Asks): Promise<FromBroker | Problem | "moved"> {
  const at = env.clock.now();
  const event = { type: asks.type, at, actor: actorOf(driver), ...holding(driver, at), reason: asks.reason } as Holding;
  const applied = await apply(env, live.control, event, (entities) => drives(entities, driver, asks.needed));
  if (applied.outcome === "refused") return problem(applied.lost === "session" ? "session.superseded" : "access.denied");
  if (applied.outcome === "ignored") return "moved";
  await announce(env, live, applied);
  return permitFrame(env, applied.lease, asks.id);
}
