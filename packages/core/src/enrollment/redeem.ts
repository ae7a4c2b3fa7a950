import type { Enrolled, PublicKey } from "@tether/protocol/http";
import type { KeyId, RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import type { Clock } from "../clock.ts";
import { isOnCurve } from "../credential/curve.ts";
import { type Key, keyFrom, stateAt, toCredential } from "../credential/key.ts";
import { thumbprint } from "../credential/thumbprint.ts";
import type { Ids } from "../id.ts";
import { keyIs } from "../store/condition.ts";
import type { Store } from "../store/index.ts";
import { readItems } from "../store/read-items.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";

type Env = { store: Store; clock: Clock; ids: Ids };

type Enrollment = { readonly robotId: RobotId; readonly createdBy: string; readonly expiresAt: number; readonly usedBy?: KeyId };

/** Another robot redeemed in the same instant, so many times in a row: try later. */
const attempts = 3;

/**
 * Registers a robot's key on the strength of a one-time code, by its hash. The caller has checked the key's proof. The
 * code is looked up as a key of the table and compared nowhere, so no comparison can tell by its time how much of a guess was right.
 */
export async function redeem(env: Env, codeHash: string, publicKey: PublicKey): Promise<Pick<Enrolled, "robot" | "credential"> | Problem> {
  if (!isOnCurve(publicKey)) return problem("credential.invalid");
  const kid = thumbprint(publicKey);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const at = env.clock.now();
    const enrollment = await find(env, codeHash);
    if (!enrollment || !isOpenTo(enrollment, kid, at)) return problem("enrollment.invalid"); // N4
    const { robotId, createdBy, usedBy } = enrollment;
    const found = await readItems(env.store, ({ robot, credential }) => ({
      robot: robot.get({ robotId }),
      known: credential.get({ robotId, kid }),
    }));
    const { robot } = found;
    const known = found.known && keyFrom(found.known);
    if (!robot) return problem("enrollment.invalid");
    if (robot.movedTo !== undefined) return problem("robot.moving");
    const answer = (key: Key) => ({ robot: { id: robotId, name: robot.name }, credential: toCredential(key, at) });
    // N5: the answer was lost on its way, or a crash came between.
    if (usedBy === kid) return known ? answer(known) : problem("enrollment.invalid");
    if (robot.codeHash !== codeHash) return problem("enrollment.invalid");
    if (known && ["retired", "revoked"].includes(stateAt(known, at))) return problem("credential.retired");
    const key = {
      robotId,
      kid,
      state: "active",
      publicKey,
      registeredAt: at,
      registeredBy: createdBy,
      activatedAt: at,
      provedAt: at,
    } as const;
    if (await write(env, codeHash, known ?? key, { isNew: !known, at })) return answer(known ?? key);
  }
  return problem("unavailable");
}

async function find(env: Env, codeHash: string): Promise<Enrollment | undefined> {
  const { data } = await env.store.entities.enrollment.get({ codeHash }).go({ consistent: true });
  // Written by this folder alone, with ids that are ids.
  return (data as object | null as Enrollment | null) ?? undefined;
}

function isOpenTo({ expiresAt, usedBy }: Enrollment, kid: KeyId, now: number): boolean {
  return now < expiresAt && (usedBy === undefined || usedBy === kid);
}

/** Whether it was written: the code may have been used, replaced or over by then. */
async function write(env: Env, codeHash: string, key: Key, { isNew, at }: { isNew: boolean; at: number }): Promise<boolean> {
  const { robotId, kid, state } = key;
  const actor = { type: "robot", id: robotId } as const;
  const item = toItem(env, { type: "credential.enrolled", inferred: false, actor, evidence: { kid } }, { robotId, at });
  const outcome = await transact(env, (entities) => ({
    enrollment: entities.enrollment
      .patch({ codeHash })
      .set({ usedBy: kid })
      .where(({ usedBy, expiresAt }, { notExists, gt }) => `${notExists(usedBy)} AND ${gt(expiresAt, at)}`)
      .commit(),
    robot: entities.robot
      .check({ robotId })
      .where((of, { eq, notExists }) => `${eq(of.codeHash, codeHash)} AND ${notExists(of.movedTo)}`)
      .commit(),
    key: isNew ? entities.credential.create(key).commit() : keyIs(entities, { robotId, kid }, [state]),
    event: entities.timelineEvent.put(item).commit(),
  }));
  return outcome === "done";
}
