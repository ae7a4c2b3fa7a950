import { defaultPolicy } from "@tether/protocol/control";
import type { Grace, Robot } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Role } from "@tether/protocol/role";
import type { Settings } from "../store/settings.ts";

export type { Robot };

/** As the table holds it. */
export type Item = Settings & { readonly robotId: string; readonly name: string; readonly createdAt: number };

const usualGrace: Grace = { robotMs: limits.session.robotGraceMs, clientMs: limits.session.clientGraceMs };

export function graceOf({ grace }: Settings): Grace {
  return grace ?? usualGrace;
}

export function toRobot(item: Item, role: Role): Robot {
  const { robotId, name, createdAt, control } = item;
  return { id: robotId as RobotId, name, createdAt, role, control: { ...defaultPolicy, ...control }, grace: graceOf(item) };
}
