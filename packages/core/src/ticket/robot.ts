import type { TicketUse } from "@tether/protocol/http";
import type { InstanceId } from "@tether/protocol/id";
import { problem } from "@tether/protocol/problem";
import type { Clock } from "../clock.ts";
import { type Dates, datesOf, type Key, keyFrom } from "../credential/key.ts";
import { type Asserted, checkKey, prove, type Refused, type Verify } from "../credential/prove.ts";
import { noteClone, type Security } from "../credential/security.ts";
import type { Ids } from "../id.ts";
import { fromItem, robotSlot } from "../live/read.ts";
import type { Session } from "../live/session.ts";
import type { Outbox } from "../outbox.ts";
import { graceOf } from "../robot/robot.ts";
import type { Store } from "../store/index.ts";
import { readItems } from "../store/read-items.ts";
import { type Issued, issue } from "./issue.ts";
import type { KeyRing } from "./key-ring.ts";

export type { Asserted };

type Env = { store: Store; clock: Clock; ids: Ids; ring: KeyRing; outbox: Pick<Outbox, "post">; leaseMs: number };

export type IssuedToRobot = Issued & { readonly credential: Dates; readonly security?: Security };

type Asked = { readonly use: TicketUse; readonly instance?: InstanceId | undefined };

/** A pending key may buy several tickets at once: one of them makes it active and the others look again. */
const attempts = 3;

/**
 * A ticket for a robot that proved its key. One read, one write: the assertion's id, so that it is good once, and what
 * the proof changes about the key.
 */
export async function forRobot(env: Env, asserted: Asserted, verify: Verify, { use, instance }: Asked): Promise<IssuedToRobot | Refused> {
  const { robotId, kid } = asserted;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await readItems(env.store, ({ robot, credential, session }) => ({
      robot: robot.get({ robotId }),
      key: credential.get({ robotId, kid }),
      current: session.get({ robotId, slot: robotSlot }),
    }));
    const { robot, current } = found;
    const key = found.key && keyFrom(found.key);
    const refused = await checkKey(env, robot, key, verify);
    if (refused || !key) return refused ?? problem("assertion.key");
    const session = current ? fromItem(current) : undefined;
    const rival = rivalOf(session, key, instance);
    const clash = clashOf(session, instance);
    if (use === "connect" && clash) {
      await noteClone(env, key, clash);
      return { ...problem("session.superseded"), security: "credential.cloned" }; // T9
    }
    const proved = await prove(env, asserted, key, { instance, rival });
    if (proved === "moved") continue;
    if (proved === "replayed") return problem("assertion.replayed");
    // Only now: its answer is read against what has just been proved.
    if (use === "connect") await challenge(env, session, instance);
    if (use === "renew" && !session) return problem("session.unknown");
    const issued = issue(env, session, {
      use,
      robotId,
      principal: { type: "robot", kid },
      authExpiresAt: env.clock.now() + env.leaseMs,
      graceMs: graceOf(robot ?? {}).robotMs,
    });
    return { ...issued, credential: datesOf(proved), ...(rival !== undefined && { security: "credential.cloned" }) };
  }
  return problem("unavailable");
}

/** The two instances where hello of this one would only be turned away (H9). */
function clashOf(session: Session | undefined, instance: InstanceId | undefined): { instance: InstanceId; rival: InstanceId } | undefined {
  if (!session || instance === undefined || (session.state !== "online" && session.state !== "expired")) return undefined;
  const { instance: rival, superseded } = session;
  return rival !== instance && superseded?.includes(instance) ? { instance, rival } : undefined;
}

/**
 * The other of two instances that both live. Its speaking shows that an instance lives, and its socket does not: the gateway vouches for
 * one whose machine has lost its power for minutes. So one that has been superseded speaks, or one that is online does after another
 * one proved the same key.
 */
function rivalOf(
  session: Session | undefined,
  { instance: last, provedAt = 0 }: Key,
  instance: InstanceId | undefined,
): InstanceId | undefined {
  if (instance === undefined || !session || (session.state !== "online" && session.state !== "expired")) return undefined;
  if (session.instance !== instance) return clashOf(session, instance)?.rival;
  return last !== instance && provedAt >= session.connection.since ? last : undefined;
}

/** Asks the instance that is online to prove its key, now that another one has. If that machine lost its power, nobody answers. K11 */
async function challenge({ outbox }: Env, session: Session | undefined, instance: InstanceId | undefined): Promise<void> {
  if (instance === undefined || session?.state !== "online" || session.instance === instance) return;
  await outbox.post(session.connection.id, { type: "auth.challenge" });
}
