import type { FromRobot, ToOperator } from "@tether/protocol/control";
import type { Report } from "./drive-link-machine.ts";

/** A refusal that is older than what the robot accepted since is no news. */
export function isOld({ epoch }: Extract<ToOperator, { type: "refused" }>, current: number): boolean {
  return epoch !== 0 && epoch < current;
}

/** The report in a message on how the robot takes this end's commands; none where it says something else. */
export function reportOf(message: FromRobot, current: number): Report | undefined {
  switch (message.type) {
    case "accepted":
      return { type: "accepted", epoch: message.epoch, stop: message.stop };
    case "refused":
      return isOld(message, current) ? undefined : { type: "refused" };
    case "stopped":
      return { type: "stopped", reason: message.reason, stop: message.stop };
    case "state":
      return { type: "state", stop: message.stop };
    case "latched":
    case "resumed":
      return message;
    default:
      return undefined;
  }
}
