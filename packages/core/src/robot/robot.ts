import type { Robot } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import type { Role } from "@tether/protocol/role";

export type { Robot };

type Item = { readonly robotId: string; readonly name: string; readonly createdAt: number };

export function shown({ robotId, name, createdAt }: Item, role: Role): Robot {
  return { id: robotId as RobotId, name, createdAt, role };
}
