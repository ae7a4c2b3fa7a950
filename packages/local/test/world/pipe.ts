import type { Drive } from "@tether/sdk/client";
import type { Guard } from "@tether/sdk/robot";
import { createPipes, type FakeChannels } from "../../../sdk/test/control/pipe.ts";
import type { World } from "./world.ts";

/** Joins an operator to a robot by channels that outlive any outage of the signalling, 20 ms long; answers the operator's ends. */
export function join({ clock }: Pick<World, "clock">, guard: Guard, drive: Drive, session: Parameters<Guard["open"]>[0]): FakeChannels {
  const { operator, robot } = createPipes(clock, () => 20);
  guard.open(session, robot);
  drive.open(operator);
  return operator;
}
