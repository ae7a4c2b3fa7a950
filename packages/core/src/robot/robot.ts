import { defaultPolicy } from "@tether/protocol/control";
import type { Grace, Presence, Robot } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Role } from "@tether/protocol/role";
import type { Settings, Stopped } from "../store/settings.ts";

export type { Robot };

/** As the table holds it. */
export type Item = Settings & Stopped & { readonly robotId: string; readonly name: string; readonly createdAt: number };

const usualGrace: Grace = { robotMs: limits.session.robotGraceMs, clientMs: limits.session.clientGraceMs };

export function graceOf({ grace }: Settings): Grace {
  return grace ?? usualGrace;
}

/** The robot's presence, with the stop in force that outlives its session. */
export function withStop(presence: Presence, { stop }: Stopped): Presence {
  return stop ? { ...presence, stop } : presence;
}

export function toRobot(item: Item, role: Role): Robot {
  const { robotId, name, createdAt, control } = item;
  return { id: robotId as RobotId, name, createdAt, role, control: { ...defaultPolicy, ...control }, grace: graceOf(item) };
}
