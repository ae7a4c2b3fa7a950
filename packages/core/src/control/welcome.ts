import type { ControlWelcome } from "@tether/protocol/control";
import { controlOf, type Lease, policyOf } from "../live/control-lease.ts";
import type { ControlKeys } from "./key-ring.ts";

/** What an end is told of control when it is welcomed. The keys are for who verifies: the robot. */
export function toWelcome({ controlKeys }: { controlKeys: ControlKeys }, lease: Lease, kind: "robot" | "client"): ControlWelcome {
  const keys = kind === "robot" && { keys: controlKeys.map(({ kid, publicKey: key }) => ({ kid, key })) };
  return { control: controlOf(lease), policy: policyOf(lease), ...keys };
}
