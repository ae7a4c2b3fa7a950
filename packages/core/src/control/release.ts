import { isProblem, type Problem, problem } from "@tether/protocol/problem";
import { announce } from "../delivery/control.ts";
import { isHeldBy } from "../live/control-lease.ts";
import { actorOf, type Identity } from "../live/session.ts";
import { apply } from "../machine/control/write.ts";
import { admit, type Env } from "./driver.ts";

/** The holder lets go. */
export async function release(env: Env, identity: Identity): Promise<Problem | undefined> {
  const admitted = await admit(env, identity);
  if (isProblem(admitted)) return admitted;
  const { driver, live } = admitted;
  if (!isHeldBy(live.control, driver)) return problem("control.unheld");
  const event = { type: "released", at: env.clock.now(), actor: actorOf(driver), holder: live.control.holder.sessionId } as const;
  const applied = await apply(env, live.control, event);
  if (applied.outcome !== "changed") return problem("control.unheld");
  await announce(env, live, applied);
  return undefined;
}
