import type { InstanceId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Evidence, TimelineType } from "@tether/protocol/timeline";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import type { Store } from "../store/index.ts";
import { once } from "../store/once.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { seldomId } from "../timeline/seldom.ts";
import type { Key } from "./key.ts";

/** The value of `security` in an invocation's log line: alarms count it. */
export type Security = Extract<TimelineType, "credential.reused" | "credential.cloned">;

/** An event about a key that happens at most once in `everyMs` on its robot's timeline. */
export function seldom(
  env: { ids: Ids },
  type: TimelineType,
  { robotId, kid }: Key,
  { at, everyMs = limits.credential.eventEveryMs, ...evidence }: { at: number; everyMs?: number } & Evidence,
) {
  const actor = { type: "robot", id: robotId } as const;
  const item = toItem(env, { type, inferred: false, actor, evidence: { kid, ...evidence } }, { robotId, at });
  return { ...item, eventId: seldomId([type, kid], at, everyMs) };
}

/** Someone signed with a key whose time is over. Called for good signatures only, so that strangers cannot make us write. */
export async function noteReuse(env: { store: Store; ids: Ids; clock: Clock }, key: Key): Promise<void> {
  const { robotId, kid, state } = key;
  const item = seldom(env, "credential.reused", key, { at: env.clock.now(), state: state === "revoked" ? state : "retired" });
  if (state !== "retiring") return void (await once(env.store.entities.timelineEvent.create(item).go()));
  // The first to see that its overlap is over writes it down.
  await transact(env, ({ credential, timelineEvent }) => ({
    event: timelineEvent.put(item).commit(),
    key: credential
      .patch({ robotId, kid })
      .set({ state: "retired" })
      .where((of, { eq }) => eq(of.state, "retiring"))
      .commit(),
  }));
}

/** Two instances of a robot prove keys of it at a time. */
export async function noteClone(
  env: { store: Store; ids: Ids; clock: Clock },
  key: Key,
  by: { readonly instance: InstanceId; readonly rival: InstanceId },
): Promise<void> {
  const item = seldom(env, "credential.cloned", key, { at: env.clock.now(), ...by });
  await env.store.entities.timelineEvent.put(item).go();
}
