import { successorsOf } from "@tether/protocol/http";
import type { KeyId, RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { accessTo } from "../access/access.ts";
import { actorOf, type Caller } from "../access/caller.ts";
import type { Env } from "../delivery/notify.ts";
import { listLive } from "../live/read.ts";
import { endWhat } from "../session/end.ts";
import { keyIs, robotExists } from "../store/condition.ts";
import type { Principal } from "../store/principal.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { type Key, stateAt } from "./key.ts";
import { keysOf } from "./list.ts";

/** The robot's keys changed while we looked, so many times in a row: try later. */
const attempts = 5;

/**
 * Takes a key back for good: from that write on it buys no ticket and redeems none. Then the sessions that stand on it
 * end, each told why. Only owners may. The last active key that was ever proved goes by `force` only. With `successors` all go that
 * descend from the key, and whoever has one of them meanwhile announces another in vain: it is found by looking again. K10
 */
export async function revoke(
  env: Env,
  caller: Caller,
  robotId: RobotId,
  kid: KeyId,
  { force, successors }: { force: boolean; successors: boolean },
): Promise<Problem | undefined> {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const keys = await keysOf(env, robotId);
    const key = keys.find((one) => one.kid === kid);
    if (!key) return problem("credential.unknown");
    const isGood = (one: Key) => !["retired", "revoked"].includes(stateAt(one, env.clock.now()));
    const taken = [key, ...(successors ? successorsOf(keys, kid).filter(isGood) : [])];
    const proven = taken.some((one) => one.provedAt !== undefined && isGood(one));
    const spare = keys.find((one) => !taken.includes(one) && one.state === "active" && one.provedAt !== undefined);
    if (proven && !spare && !force) return problem("credential.last");
    const unrevoked = taken.filter(({ state }) => state !== "revoked");
    const written: ("written" | "changed" | "gone")[] = [];
    for (const one of unrevoked) written.push(await write(env, caller, one, proven && !force ? spare : undefined));
    // No session may end for a revocation that is not: a robot that moves is asked for again in its new cell.
    if (written.includes("gone")) return problem("robot.unknown");
    // Also for a key that was revoked before: an earlier call may have been cut off here.
    await endSessions(env, caller, robotId, new Set(taken.map((one) => one.kid)));
    if (written.includes("changed") || (successors && unrevoked.length > 0)) continue;
    return undefined;
  }
  return problem("unavailable");
}

/** `changed`: another one's write came between. `gone`: the robot was deleted, or moves to another cell. */
async function write(env: Env, caller: Caller, key: Key, spare: Key | undefined): Promise<"written" | "changed" | "gone"> {
  const at = env.clock.now();
  const { robotId, state, replaces } = key;
  const kid: string = key.kid;
  const successor: string | undefined = key.successor;
  const actor = actorOf(caller);
  const item = toItem(env, { type: "credential.revoked", inferred: false, actor, evidence: { kid } }, { robotId, at });
  const outcome = await transact(env, (entities) => ({
    robot: robotExists(entities, robotId),
    key: entities.credential
      .patch({ robotId, kid })
      .set({ state: "revoked" })
      .where((of, { eq, notExists }) =>
        [eq(of.state, state), successor === undefined ? notExists(of.successor) : eq(of.successor, successor)].join(" AND "),
      )
      .commit(),
    // Two owners who revoke two keys at the same time must not both succeed by pointing at the other's.
    spare: spare && keyIs(entities, { robotId, kid: spare.kid }, ["active"]),
    // A thief of the key may have named its successor.
    successor:
      successor === undefined
        ? undefined
        : entities.credential
            .patch({ robotId, kid: successor })
            .set({ state: "revoked" })
            .where((of, { eq }) => eq(of.state, "pending"))
            .commit(),
    replaced:
      state === "pending" && replaces !== undefined
        ? entities.credential
            .patch({ robotId, kid: replaces })
            .remove(["successor"])
            .where((of, { eq }) => eq(of.successor, kid))
            .commit()
        : undefined,
    event: entities.timelineEvent.put(item).commit(),
  }));
  if (outcome === "done") return "written";
  return outcome.has("robot") ? "gone" : "changed";
}

async function endSessions(env: Env, caller: Caller, robotId: RobotId, kids: ReadonlySet<string>): Promise<void> {
  const ending = { cause: "credential.revoked", actor: actorOf(caller), inferred: false } as const;
  const standsOn = (principal: Principal) => principal.type === "robot" && kids.has(principal.kid);
  const live = await listLive(env, robotId, "consistent");
  await Promise.all(live.map((session) => endWhat(env, session, standsOn, ending)));
}
