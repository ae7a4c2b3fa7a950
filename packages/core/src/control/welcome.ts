import type { ControlWelcome } from "@tether/protocol/control";
import { controlOf, type Lease, policyOf } from "../live/control-lease.ts";
import type { ControlKeys } from "./key-ring.ts";

/** The part of welcome about control. The keys are for the robot alone, which verifies permits. */
export function toWelcome({ controlKeys }: { controlKeys: ControlKeys }, lease: Lease, kind: "robot" | "client"): ControlWelcome {
  const keys = kind === "robot" && { keys: controlKeys.map(({ kid, publicKey: key }) => ({ kid, key })) };
  return { control: controlOf(lease), policy: policyOf(lease), ...keys };
}
