import type { TicketUse } from "@tether/protocol/http";
import type { InstanceId } from "@tether/protocol/id";
import { problem } from "@tether/protocol/problem";
import type { Clock } from "../clock.ts";
import { type Dates, datesOf, type Key, keyFrom } from "../credential/key.ts";
import { type Asserted, judge, prove, type Refused, type Verify } from "../credential/prove.ts";
import type { Security } from "../credential/security.ts";
import type { Ids } from "../id.ts";
import type { Outbox } from "../outbox.ts";
import { graceOf } from "../robot/robot.ts";
import { fromItem, robotSlot } from "../session/read.ts";
import type { Session } from "../session/session.ts";
import type { Store } from "../store/index.ts";
import { readItems } from "../store/read-items.ts";
import { type Issued, issue } from "./issue.ts";
import type { KeyRing } from "./key-ring.ts";

export type { Asserted };

type Env = { store: Store; clock: Clock; ids: Ids; ring: KeyRing; outbox: Pick<Outbox, "probe">; leaseMs: number };

export type IssuedToRobot = Issued & { readonly credential: Dates; readonly security?: Security };

type Asked = { readonly use: TicketUse; readonly instance?: InstanceId | undefined };

/** Of several tickets that a pending key buys at once, one makes it active and the others look again. */
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
      place: session.get({ robotId, slot: robotSlot }),
    }));
    const { robot, place } = found;
    const key = found.key && keyFrom(found.key);
    const refused = await judge(env, robot, key, verify);
    if (refused || !key) return refused ?? problem("assertion.key");
    const session = place ? fromItem(place) : undefined;
    if (use === "connect" && isOutdone(session, instance)) return problem("session.superseded"); // T9
    const rival = await rivalOf(env, session, key, instance);
    const proved = await prove(env, asserted, key, { instance, rival });
    if (proved === "moved") continue;
    if (proved === "replayed") return problem("assertion.replayed");
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

/** Whether hello of this instance would only be turned away (H9). */
function isOutdone(session: Session | undefined, instance: InstanceId | undefined): boolean {
  if (!session || instance === undefined || (session.state !== "online" && session.state !== "expired")) return false;
  return session.instance !== instance && (session.superseded?.includes(instance) ?? false);
}

/** Another instance that is online with this very key. A robot that lost power comes back as another one too: the gateway knows. */
async function rivalOf(
  { outbox }: Env,
  session: Session | undefined,
  { kid, instance: last }: Key,
  instance: InstanceId | undefined,
): Promise<InstanceId | undefined> {
  if (instance === undefined || session?.state !== "online" || session.instance === instance) return undefined;
  const standsOnIt = session.principal.type === "robot" && session.principal.kid === kid;
  if (!standsOnIt && last !== session.instance) return undefined;
  return (await outbox.probe(session.connection.id)) === "gone" ? undefined : session.instance;
}
