import type { FromBroker } from "@tether/protocol/frame";
import type { ControlTake } from "@tether/protocol/frame/control";
import { isProblem, type Problem, problem } from "@tether/protocol/problem";
import { isHeldBy, policyOf } from "../live/control-lease.ts";
import type { Identity } from "../live/session.ts";
import { admit, canDrive, type Env } from "./driver.ts";
import { hold } from "./hold.ts";
import { extend } from "./renew.ts";

/** Takes control, from whoever has it by then: owners may, and operators where the robot's policy says so. */
export async function take(env: Env, identity: Identity, { id, reason }: ControlTake): Promise<FromBroker | Problem> {
  const admitted = await admit(env, identity);
  if (isProblem(admitted)) return admitted;
  const { driver, live } = admitted;
  const needed = policyOf(live.control).takers;
  if (!canDrive(driver, needed)) return problem("access.denied");
  if (isHeldBy(live.control, driver)) return extend(env, live, driver, { id, epoch: live.control.epoch });
  const taken = await hold(env, live, driver, { type: "taken", id, reason, needed });
  // Another frame of the same session got control meanwhile: look again.
  return taken === "moved" ? take(env, identity, { type: "control.take", id, reason }) : taken;
}
