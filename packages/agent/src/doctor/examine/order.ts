import type { IceServer } from "@tether/protocol/ice-server";
import type { Finding } from "@tether/sdk/diagnosis/finding";
import { loop, stun, turn } from "@tether/sdk/diagnosis/peer";
import type { Stack } from "../../peer/stack.ts";

/** A check of peer connections. */
export type PeerCheck = "stun" | "turn" | "loop";

/** The order to the process that examines peer connections. It holds credentials, so it goes by the pipe and not by the command line. */
export type Order = { readonly stack: Stack; readonly check: PeerCheck; readonly iceServers: readonly IceServer[] };

/** Runs the check of the order with that stack; undefined: without one, which some checks do not come to need. */
export function checkPeer(env: Parameters<typeof loop>[0], { check, iceServers }: Omit<Order, "stack">): Promise<Finding> {
  if (check === "loop") return loop(env);
  return check === "stun" ? stun(env, iceServers) : turn(env, iceServers);
}
