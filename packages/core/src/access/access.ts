import type { RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { atLeast, type Role } from "@tether/protocol/role";
import type { Store } from "../store/index.ts";
import { readItems } from "../store/read-items.ts";
import type { Settings, Stopped } from "../store/settings.ts";
import { admins, type Caller, granteesOf } from "./caller.ts";
import { isRevoked } from "./revoked.ts";

type Granted = { readonly role: Role; readonly by: string };
type Robot = Settings & Stopped & { robotId: RobotId; name: string; createdAt: number; movedTo?: string };

/** The caller's role on a robot, and the grant that gives it. */
export type Access = Granted & { readonly robot: Robot };

/**
 * Looks up what the caller may do with the robot; nobody may anything by default. One read, consistent.
 * A caller without a grant gets the same answer as for a robot that does not exist, so that ids cannot be probed.
 */
export async function accessTo(
  env: { store: Store },
  caller: Caller,
  robotId: RobotId,
  needed: Role = "viewer",
): Promise<Access | Problem> {
  const access = await accessToWhatIsLeft(env, caller, robotId, needed);
  if ("problem" in access) return access;
  const { robot } = access;
  return robot ? { ...access, robot } : problem("robot.unknown");
}

/** The same, also for a robot that was deleted and has a grant of the caller's left. */
export async function accessToWhatIsLeft(
  env: { store: Store },
  caller: Caller,
  robotId: RobotId,
  needed: Role,
): Promise<(Granted & { readonly robot: Robot | null }) | Problem> {
  const grantees = granteesOf(caller);
  const [bySub, byEmail] = grantees;
  const { policy, ...found } = await readItems(env.store, ({ robot, accessPolicy, grant }) => ({
    robot: robot.get({ robotId }),
    policy: accessPolicy.get({ userId: caller.sub }),
    bySub: grant.get({ robotId, to: bySub }),
    byEmail: byEmail === undefined ? undefined : grant.get({ robotId, to: byEmail }),
  }));
  if (isRevoked(policy, caller.issuedAt)) return problem("auth.expired");
  const robot = found.robot as Robot | null;
  if (robot?.movedTo !== undefined) return problem("robot.moving");
  const best = strongest(caller, [found.bySub, found.byEmail]);
  if (!best) return problem("robot.unknown");
  if (atLeast(best.role, needed)) return { ...best, robot };
  return problem(robot ? "access.denied" : "robot.unknown");
}

type Grant = { readonly to: string; readonly role: Role };

function strongest(caller: Caller, grants: readonly (Grant | null | undefined)[]): Granted | undefined {
  if (caller.groups.includes(admins)) return { role: "owner", by: admins };
  const found = grants.filter((grant) => grant !== null && grant !== undefined);
  const best = found.find((grant) => found.every((other) => atLeast(grant.role, other.role)));
  return best && { role: best.role, by: best.to };
}
