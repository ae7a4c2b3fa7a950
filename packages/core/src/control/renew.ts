import type { FromBroker } from "@tether/protocol/frame";
import type { ControlRenew } from "@tether/protocol/frame/control";
import { isProblem, type Problem, problem } from "@tether/protocol/problem";
import { announce } from "../delivery/control.ts";
import { isHeldBy } from "../live/control-lease.ts";
import type { Live } from "../live/read.ts";
import { actorOf, type Identity } from "../live/session.ts";
import { apply } from "../machine/control/write.ts";
import { admit, type Driver, drives, type Env, holding } from "./driver.ts";
import { permitFrame } from "./hold.ts";

/** The holder drives on: one Query, one write, and a fresh permit of the same epoch. Nobody else is told. */
export async function renew(env: Env, identity: Identity, { id, epoch }: ControlRenew): Promise<FromBroker | Problem> {
  const admitted = await admit(env, identity);
  return isProblem(admitted) ? admitted : extend(env, admitted.live, admitted.driver, { id, epoch });
}

/** Extends the lease and signs a fresh permit for the holder of that epoch. A holder that may no longer drive loses control at once. */
export async function extend(
  env: Env,
  live: Live,
  driver: Driver,
  asked: { id: string | undefined; epoch: number },
): Promise<FromBroker | Problem> {
  const { control } = live;
  if (!isHeldBy(control, driver)) return problem("control.unheld");
  const at = env.clock.now();
  const about = { at, actor: actorOf(driver), holder: control.holder.sessionId };
  const { expiresAt } = holding(driver, at);
  const applied = await apply(env, control, { type: "renewed", ...about, epoch: asked.epoch, expiresAt }, (entities) =>
    drives(entities, driver),
  );
  if (applied.outcome === "changed") return permitFrame(env, applied.lease, asked.id);
  if (applied.outcome === "ignored") return problem("control.unheld");
  if (applied.lost === "session") return problem("session.superseded");
  await announce(env, live, await apply(env, applied.lease, { type: "revoked", ...about, actor: { type: "system" } }));
  return problem("access.denied");
}
