import type { Credential, PublicKey } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { accessTo } from "../access/access.ts";
import { actorOf, type Caller } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import { robotExists } from "../store/condition.ts";
import type { Store } from "../store/index.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { isOnCurve } from "./curve.ts";
import { keyFrom, toCredential } from "./key.ts";
import { thumbprint } from "./thumbprint.ts";

type Env = { store: Store; clock: Clock; ids: Ids };

/** Registers a robot's public key. Registering the same key again answers what stands. Only owners may. */
export async function register(env: Env, caller: Caller, robotId: RobotId, publicKey: PublicKey): Promise<Credential | Problem> {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  if (!isOnCurve(publicKey)) return problem("credential.invalid");
  const [at, kid] = [env.clock.now(), thumbprint(publicKey)];
  const item = { robotId, kid, state: "active", publicKey, registeredAt: at, registeredBy: caller.sub, activatedAt: at } as const;
  const actor = actorOf(caller);
  const outcome = await transact(env, (entities) => ({
    key: entities.credential.create(item).commit({ response: "all_old" }),
    robot: robotExists(entities, robotId),
    event: entities.timelineEvent
      .put(toItem(env, { type: "credential.registered", inferred: false, actor, evidence: { kid } }, { robotId, at }))
      .commit(),
  }));
  if (outcome === "done") return toCredential(item, at);
  if (outcome.has("robot")) return problem("robot.unknown");
  const registered = outcome.found("key");
  return registered ? toCredential(keyFrom(registered), at) : problem("unavailable");
}
