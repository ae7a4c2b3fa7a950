import type { Credential } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import type { Problem } from "@tether/protocol/problem";
import { accessTo } from "../access/access.ts";
import type { Caller } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import type { Store } from "../store/index.ts";
import { type Key, keyFrom, toCredential } from "./key.ts";

/** A robot's keys and what became of them. Only owners may look. */
export async function list(
  env: { store: Store; clock: Clock },
  caller: Caller,
  robotId: RobotId,
): Promise<{ items: Credential[] } | Problem> {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  const now = env.clock.now();
  return { items: (await keysOf(env, robotId)).map((key) => toCredential(key, now)) };
}

export async function keysOf(env: { store: Store }, robotId: RobotId): Promise<Key[]> {
  const { data } = await env.store.entities.credential.query.primary({ robotId }).go({ consistent: true, pages: "all" });
  return data.map(keyFrom);
}
