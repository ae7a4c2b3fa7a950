import { createHash } from "node:crypto";
import type { RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import type { Caller } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import type { Store } from "../store/index.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { type Robot, shown } from "./robot.ts";

type Env = { store: Store; clock: Clock; ids: Ids };

/** Creates a robot and makes the caller its owner. With the same idempotency key, the robot of the first time is the answer. */
export async function create(
  env: Env,
  caller: Caller,
  input: { name: string; idempotencyKey?: string | undefined },
): Promise<Robot | Problem> {
  const at = env.clock.now();
  const robotId = (input.idempotencyKey === undefined ? env.ids.next("RobotId") : idFor(caller.sub, input.idempotencyKey)) as RobotId;
  const item = { robotId, name: input.name, createdAt: at, createdBy: caller.sub };
  const actor = { type: "user", id: caller.sub } as const;
  const outcome = await transact(env, ({ robot, grant, timelineEvent }) => [
    robot.create(item).commit({ response: "all_old" }),
    grant.put({ robotId, to: `sub:${caller.sub}`, role: "owner", givenAt: at, givenBy: caller.sub }).commit(),
    timelineEvent.put(toItem(env, { type: "robot.created", inferred: false, actor }, { robotId, at })).commit(),
  ]);
  if (outcome === "done") return shown(item, "owner");
  if (outcome === "contended") return problem("unavailable");
  const [first] = outcome;
  const found = first?.refused ? first.found : null;
  // The id is a function of who asked and the key, so what is found is what the first request made.
  return found ? shown(found as typeof item, "owner") : problem("unavailable");
}

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** An id that the same caller gets again for the same key, and nobody else can. */
function idFor(sub: string, key: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([sub, key]))
    .digest();
  const letters = [...digest.subarray(0, 26)].map((byte, index) => crockford[byte % (index === 0 ? 8 : 32)]);
  return `rob_${letters.join("")}`;
}
