import { createPublicKey } from "node:crypto";
import type { Credential, PublicKey } from "@tether/protocol/http";
import type { KeyId, RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { accessTo } from "../access/access.ts";
import type { Caller } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import type { Store } from "../store/index.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { thumbprint } from "./thumbprint.ts";

type Env = { store: Store; clock: Clock; ids: Ids };

/** Registers a robot's public key. Registering the same key again answers what stands. Only owners may. */
export async function register(env: Env, caller: Caller, robotId: RobotId, publicKey: PublicKey): Promise<Credential | Problem> {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  if (!isOnCurve(publicKey)) return problem("credential.invalid");
  const [at, kid] = [env.clock.now(), thumbprint(publicKey)];
  const item = { robotId, kid, state: "active", publicKey, registeredAt: at, registeredBy: caller.sub } as const;
  const actor = { type: "user", id: caller.sub } as const;
  const outcome = await transact(env, ({ robot, credential, timelineEvent }) => [
    credential.create(item).commit({ response: "all_old" }),
    robot
      .check({ robotId })
      .where((of, { exists }) => exists(of.robotId))
      .commit(),
    timelineEvent.put(toItem(env, { type: "credential.registered", inferred: false, actor, evidence: { kid } }, { robotId, at })).commit(),
  ]);
  if (outcome === "done") return shown(item);
  if (outcome === "contended") return problem("unavailable");
  const [created, exists] = outcome;
  if (exists?.refused) return problem("robot.unknown");
  return created?.refused && created.found ? shown(created.found as typeof item) : problem("unavailable");
}

export async function list(env: { store: Store }, caller: Caller, robotId: RobotId): Promise<{ items: Credential[] } | Problem> {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  const { data } = await env.store.entities.credential.query.primary({ robotId }).go({ pages: "all" });
  return { items: data.map(shown) };
}

function shown(item: { kid: string; state: Credential["state"]; registeredAt: number; registeredBy: string }): Credential {
  const { kid, state, registeredAt, registeredBy } = item;
  return { kid: kid as KeyId, state, registeredAt, registeredBy };
}

/** Coordinates of the right length need not be a point of the curve: the runtime's own key import knows. */
function isOnCurve(key: PublicKey): boolean {
  try {
    createPublicKey({ key, format: "jwk" });
    return true;
  } catch {
    return false;
  }
}
