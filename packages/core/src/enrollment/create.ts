import { codeLength, codeOf } from "@tether/protocol/enrollment-code";
import type { EnrollmentCode } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { type Problem, problem } from "@tether/protocol/problem";
import { accessTo } from "../access/access.ts";
import { actorOf, type Caller } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import type { Ids, Random } from "../id.ts";
import type { Store } from "../store/index.ts";
import { transact } from "../store/transact.ts";
import { forgottenAt, toItem } from "../timeline/event.ts";
import { hashOf } from "./code-hash.ts";

type Env = { store: Store; clock: Clock; ids: Ids; random: Random };

/** Makes a robot's one open code, in place of the one before. The code is shown this once and kept as a hash. Only owners may create one. */
export async function create(env: Env, caller: Caller, robotId: RobotId): Promise<Omit<EnrollmentCode, "install"> | Problem> {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  const code = codeOf(env.random.bytes(codeLength));
  const codeHash = hashOf(code) ?? "";
  const at = env.clock.now();
  const expiresAt = at + limits.enrollment.lifeMs;
  const actor = actorOf(caller);
  const outcome = await transact(env, ({ robot, enrollment, timelineEvent }) => ({
    // The robot names its open code, so the one before is over with this very write.
    robot: robot
      .patch({ robotId })
      .set({ codeHash })
      .where(({ movedTo }, { notExists }) => notExists(movedTo))
      .commit(),
    enrollment: enrollment.create({ codeHash, robotId, createdBy: caller.sub, expiresAt, ttl: forgottenAt(at) }).commit(),
    event: timelineEvent
      .put(toItem(env, { type: "enrollment.created", inferred: false, actor, evidence: { expiresAt } }, { robotId, at }))
      .commit(),
  }));
  return outcome === "done" ? { code, expiresAt } : problem("robot.unknown");
}
