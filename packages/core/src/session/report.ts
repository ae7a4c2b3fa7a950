import type { Report } from "@tether/protocol/frame/leave";
import type { Problem } from "@tether/protocol/problem";
import type { Env } from "../delivery/notify.ts";
import { own, readLive } from "../live/read.ts";
import { checkSender } from "../live/sender.ts";
import { actorOf, type Identity } from "../live/session.ts";
import { accountOf } from "../machine/session/account.ts";
import { toItem } from "../timeline/event.ts";
import { seldomId } from "../timeline/seldom.ts";

/** At most one entry of a kind is written in this time, in ms. */
const everyMs = 10_000;

/** A robot says what befell it while its session goes on. P10 */
export async function report(env: Env, identity: Identity, { account }: Report): Promise<Problem | undefined> {
  const { robotId, kind } = identity;
  const at = env.clock.now();
  const session = own(await readLive(env, robotId, "consistent"), identity);
  const refused = checkSender(session, identity, at);
  if (!session || refused) return refused;
  const { cause, evidence } = accountOf(account);
  if (kind !== "robot" || !cause) return undefined;
  const { sessionId } = session;
  const item = toItem(
    env,
    { type: "robot.reported", cause, actor: actorOf(session), inferred: false, evidence },
    { robotId, at, sessionId },
  );
  await env.store.entities.timelineEvent.put({ ...item, eventId: seldomId(["robot.reported", robotId, cause], at, everyMs) }).go();
  return undefined;
}
