import type { PublicKey } from "@tether/protocol/http";
import type { InstanceId, KeyId, RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { type Problem, problem } from "@tether/protocol/problem";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import type { Store } from "../store/index.ts";
import { once } from "../store/once.ts";
import { type Entities, transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { datesOf, type Key, stateAt } from "./key.ts";
import { noteReuse, type Security, seldom } from "./security.ts";

export type Env = { store: Store; clock: Clock; ids: Ids };

/** An assertion's claims before its signature is checked. `expiresAt` in ms. */
export type Asserted = { readonly robotId: RobotId; readonly kid: KeyId; readonly jti: string; readonly expiresAt: number };

/** Checks the assertion's signature and claims against a registered key. */
export type Verify = (key: PublicKey) => Problem | undefined | Promise<Problem | undefined>;

/** A refusal that the line of the invocation marks. */
export type Refused = Problem & { readonly security?: Security };

/** An assertion's id is kept a while longer than the assertion may live, so that no clock can bring it back. */
const keptMs = 10 * 60_000;

export function usedUp({ robotId, jti, expiresAt }: Asserted) {
  return { robotId, jti, ttl: Math.ceil((expiresAt + keptMs) / 1000) };
}

/**
 * Uses an assertion up where nothing is written with it. The SDK sends a write again whose answer was lost: the request that did it knows
 * it by its own mark, and is not told that the robot replays.
 */
export function useUp({ store, ids }: Pick<Env, "store" | "ids">, asserted: Asserted): Promise<"written" | "refused"> {
  const by: string = ids.next("TicketId");
  const put = store.entities.usedAssertion.put({ ...usedUp(asserted), by });
  return once(put.where((of, { eq, notExists }) => `${notExists(of.jti)} OR ${eq(of.by, by)}`).go());
}

/** Whether an assertion is by a key that may still speak for its robot. An unknown robot and an unknown key read the same. */
export async function checkKey(
  env: Env,
  robot: { readonly movedTo?: string | undefined } | null,
  key: Key | null,
  verify: Verify,
): Promise<Refused | undefined> {
  if (robot?.movedTo !== undefined) return problem("robot.moving");
  if (!robot || !key) return problem("assertion.key");
  const refused = await verify(key.publicKey);
  const state = stateAt(key, env.clock.now());
  if (state !== "retired" && state !== "revoked") return refused;
  if (refused) return problem("assertion.key");
  await noteReuse(env, key); // K4
  return { ...problem("assertion.key"), security: "credential.reused" };
}

/**
 * Uses an assertion up, and notes with it what the proof changes: a pending key becomes active and the one it replaces
 * retires, in one transaction. Most proofs change nothing, or only when the key was last used: theirs are plain writes, which cost half. `moved`: the key is not what it was when read.
 */
export async function prove(
  env: Env,
  asserted: Asserted,
  key: Key,
  by: { instance?: InstanceId | undefined; rival?: InstanceId | undefined },
): Promise<Key | "replayed" | "moved"> {
  const at = env.clock.now();
  const proved = provedNow(key, at, by.instance);
  if (proved === key && by.rival === undefined) {
    const used = await useUp(env, asserted);
    return used === "refused" ? "replayed" : key;
  }
  const happened = events(env, key, proved, { at, ...by });
  if (key.state === proved.state && key.instance === proved.instance && happened.length === 0) {
    // The note first: refused, the key is looked at again and the assertion is still unused. Used before, an assertion notes its own minute once more.
    if ((await noteAlone(env, key, proved)) === "refused") return "moved";
    const used = await useUp(env, asserted);
    return used === "refused" ? "replayed" : proved;
  }
  const outcome = await transact(env, (entities) => ({
    assertion: entities.usedAssertion.create(usedUp(asserted)).commit(),
    key: note(entities, key, proved),
    replaced: retire(entities, key, at),
    events: happened.map((item) => entities.timelineEvent.put(item).commit()),
  }));
  if (outcome === "done") return proved;
  return outcome.has("assertion") ? "replayed" : "moved";
}

function provedNow(key: Key, at: number, instance: InstanceId | undefined): Key {
  const pending = key.state === "pending";
  const stale = key.provedAt === undefined || at - key.provedAt >= limits.credential.provedEveryMs;
  const moved = instance !== undefined && instance !== key.instance;
  if (!pending && !stale && !moved) return key;
  return { ...key, provedAt: at, ...(instance && { instance }), ...(pending && { state: "active", activatedAt: at }) };
}

/** The parts of a key that a proof changes. */
function provenIn({ state, activatedAt, provedAt, instance }: Key) {
  return {
    state,
    ...(activatedAt !== undefined && { activatedAt }),
    ...(provedAt !== undefined && { provedAt }),
    ...(instance !== undefined && { instance }),
  };
}

function note({ credential }: Entities, { robotId, kid, state }: Key, proved: Key) {
  return credential
    .patch({ robotId, kid })
    .set(provenIn(proved))
    .where((of, { eq }) => eq(of.state, state))
    .commit();
}

/** The same alone. */
function noteAlone({ store }: Env, { robotId, kid, state }: Key, proved: Key): Promise<"written" | "refused"> {
  const patch = store.entities.credential.patch({ robotId, kid }).set(provenIn(proved));
  return once(patch.where((of, { eq }) => eq(of.state, state)).go());
}

/** The key that a pending one replaces is active until now: its successor would have gone with it. */
function retire({ credential }: Entities, { robotId, state, replaces, retireNow }: Key, at: number) {
  if (state !== "pending" || replaces === undefined) return undefined;
  const retired = retireNow ? ({ state: "retired", retiresAt: at } as const) : overlap(at);
  return credential
    .patch({ robotId, kid: replaces })
    .set(retired)
    .remove(["successor"])
    .where((of, { eq }) => eq(of.state, "active"))
    .commit();
}

function overlap(at: number) {
  return { state: "retiring", retiresAt: at + limits.credential.overlapMs } as const;
}

function events(
  env: Env,
  key: Key,
  proved: Key,
  { at, instance, rival }: { at: number; instance?: string | undefined; rival?: string | undefined },
) {
  const { robotId, kid, replaces } = key;
  const actor = { type: "robot", id: robotId } as const;
  const activated = { type: "credential.activated", inferred: false, actor, evidence: { kid, ...(replaces && { replaces }) } } as const;
  const overdue = proved.state === "active" && at >= datesOf(proved).expiresAt;
  return [
    ...(key.state === "pending" ? [toItem(env, activated, { robotId, at })] : []),
    ...(overdue ? [seldom(env, "credential.overdue", key, { at, everyMs: limits.credential.overdueEveryMs })] : []),
    ...(rival !== undefined ? [seldom(env, "credential.cloned", key, { at, instance: instance ?? "", rival })] : []),
  ];
}
