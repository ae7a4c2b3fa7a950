import type { Credential, PublicKey } from "@tether/protocol/http";
import { type Problem, problem } from "@tether/protocol/problem";
import { robotExists } from "../store/condition.ts";
import { readItems } from "../store/read-items.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { isOnCurve } from "./curve.ts";
import { type Key, keyFrom, stateAt, toCredential } from "./key.ts";
import { type Asserted, checkKey, type Env, type Refused, usedUp, useUp, type Verify } from "./prove.ts";
import { thumbprint } from "./thumbprint.ts";

/** Someone else rotated or revoked in the same instant, so many times in a row: try later. */
const attempts = 3;

type Next = { readonly publicKey: PublicKey; readonly retireNow?: boolean | undefined };

/**
 * Registers a robot's next key as pending, on the word of its active key. The caller has checked the next key's proof.
 * The same key again answers what stands: a robot that never got the answer asks once more.
 */
export async function rotate(env: Env, asserted: Asserted, verify: Verify, next: Next): Promise<Credential | Refused> {
  if (!isOnCurve(next.publicKey)) return problem("credential.invalid");
  const { robotId } = asserted;
  const kid = thumbprint(next.publicKey);
  if (kid === asserted.kid) return problem("request.invalid", ["publicKey"]);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await readItems(env.store, ({ robot, credential }) => ({
      robot: robot.get({ robotId }),
      current: credential.get({ robotId, kid: asserted.kid }),
      known: credential.get({ robotId, kid }),
    }));
    const current = found.current && keyFrom(found.current);
    const known = found.known && keyFrom(found.known);
    const refused = await checkKey(env, found.robot, current, verify);
    if (refused || !current) return refused ?? problem("assertion.key");
    const answer = known ? await again(env, asserted, known) : await announce(env, asserted, current, { ...next, kid });
    if (answer) return answer;
  }
  return problem("unavailable");
}

async function again(env: Env, asserted: Asserted, known: Key): Promise<Credential | Problem> {
  const now = env.clock.now();
  const used = await useUp(env, asserted);
  if (used === "refused") return problem("assertion.replayed");
  const state = stateAt(known, now);
  return state === "retired" || state === "revoked" ? problem("credential.retired") : toCredential(known, now);
}

/** Nothing when another was faster. */
async function announce(
  env: Env,
  asserted: Asserted,
  current: Key,
  { kid, publicKey, retireNow }: Next & { kid: Key["kid"] },
): Promise<Credential | Problem | undefined> {
  if (current.state !== "active") return problem("credential.inactive");
  const at = env.clock.now();
  const { robotId } = current;
  const successor: string | undefined = current.successor;
  const actor = { type: "robot", id: robotId } as const;
  const pending = { robotId, kid, state: "pending", publicKey, registeredAt: at, registeredBy: robotId, replaces: current.kid } as const;
  const entry = { type: "credential.pending", inferred: false, actor, evidence: { kid, replaces: current.kid } } as const;
  const outcome = await transact(env, (entities) => ({
    assertion: entities.usedAssertion.create(usedUp(asserted)).commit(),
    robot: robotExists(entities, robotId),
    current: entities.credential
      .patch({ robotId, kid: current.kid })
      .set({ successor: kid })
      .where((of, { eq, notExists }) =>
        [eq(of.state, "active"), successor === undefined ? notExists(of.successor) : eq(of.successor, successor)].join(" AND "),
      )
      .commit(),
    // A robot has one pending key at a time. The former one was never used, so nothing depends on it.
    successor: successor === undefined ? undefined : entities.credential.delete({ robotId, kid: successor }).commit(),
    next: entities.credential.create({ ...pending, ...(retireNow && { retireNow }) }).commit(),
    event: entities.timelineEvent.put(toItem(env, entry, { robotId, at })).commit(),
  }));
  if (outcome === "done") return toCredential(pending, at);
  return outcome.has("assertion") ? problem("assertion.replayed") : undefined;
}
