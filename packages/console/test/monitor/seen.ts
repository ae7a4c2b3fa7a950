import { ClientSessionId, RobotSessionId } from "@tether/protocol/id";
import type { Seen } from "../../src/monitor/line.ts";

export const begin = Date.UTC(2026, 5, 1, 12);
export const rover = { session: RobotSessionId.parse("rse_01JZ0000000000000000000000") };
export const ada = { session: ClientSessionId.parse("cse_01JZ0000000000000000000000"), user: { id: "u1", name: "Ada" } };
export const bo = { session: ClientSessionId.parse("cse_01JZ0000000000000000000001"), user: { id: "u2" } };

/** A frame that was seen `second` seconds after the begin: Ada's offer to the robot, unless told. */
export function seen(second: number, more: Partial<Seen> = {}): Seen {
  return { at: begin + second * 1_000, from: ada, to: rover, kind: "offer", bytes: 900, verdict: { outcome: "posted" }, ...more };
}

export const refused = {
  outcome: "refused",
  code: "signal.target",
  says: "There is no such peer on this robot.",
  remedy: "Send only to sessions named in welcome or peer.online.",
} as const;
