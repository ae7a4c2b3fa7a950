import { createHash } from "node:crypto";
import { base32 } from "@tether/protocol/base32";
import type { RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { actorOf, type Caller } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import { userUnrevoked } from "../store/condition.ts";
import type { Store } from "../store/index.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { type Robot, toRobot } from "./robot.ts";

type Env = { store: Store; clock: Clock; ids: Ids };

/** Creates a robot and makes the caller its owner. With the same idempotency key, the robot of the first time is the answer. */
export async function create(
  env: Env,
  caller: Caller,
  input: { name: string; idempotencyKey?: string | undefined },
): Promise<Robot | Problem> {
  const at = env.clock.now();
  const robotId = input.idempotencyKey === undefined ? (env.ids.next("RobotId") as RobotId) : robotIdFor(caller.sub, input.idempotencyKey);
  const item = { robotId, name: input.name, createdAt: at, createdBy: caller.sub };
  const actor = actorOf(caller);
  const outcome = await transact(env, (entities) => ({
    robot: entities.robot.create(item).commit({ response: "all_old" }),
    grant: entities.grant.put({ robotId, to: `sub:${caller.sub}`, role: "owner", givenAt: at, givenBy: caller.sub }).commit(),
    event: entities.timelineEvent.put(toItem(env, { type: "robot.created", inferred: false, actor }, { robotId, at })).commit(),
    user: userUnrevoked(entities, { id: caller.sub, issuedAt: caller.issuedAt }),
  }));
  if (outcome === "done") return toRobot(item, "owner");
  if (outcome.has("user")) return problem("auth.expired");
  const found = outcome.found("robot");
  // The id is a function of who asked and the key, so what is found is what the first request made.
  return found ? toRobot(found as typeof item, "owner") : problem("unavailable");
}

/** An id that the same caller gets again for the same key, and nobody else can. */
export function robotIdFor(sub: string, key: string): RobotId {
  const digest = createHash("sha256")
    .update(JSON.stringify([sub, key]))
    .digest();
  // A ULID has 128 bits: its first character is one of eight.
  return `rob_${base32(digest.subarray(0, 1).map((byte) => byte % 8))}${base32(digest.subarray(1, 26))}` as RobotId;
}
