import type { ManoeuvreReport } from "@tether/protocol/manoeuvre-report";
import type { Problem } from "@tether/protocol/problem";
import type { Evidence } from "@tether/protocol/timeline";
import type { Env } from "../delivery/notify.ts";
import { own, readLive } from "../live/read.ts";
import { checkSender } from "../live/sender.ts";
import { actorOf, type Identity } from "../live/session.ts";
import { toItem } from "../timeline/event.ts";
import { seldomId } from "../timeline/seldom.ts";

/** At most one entry of the same outcome is written in this time, in ms. */
const everyMs = 10_000;
/** How far back a robot may place an entry, in ms. */
const backMs = 3_600_000;

/** A robot says how the stages of a stop went. The entry stands at when it began, so that the same word said twice is one entry. P14 */
export async function reportManoeuvre(env: Env, identity: Identity, said: ManoeuvreReport): Promise<Problem | undefined> {
  const { robotId, kind } = identity;
  const now = env.clock.now();
  const session = own(await readLive(env, robotId, "consistent"), identity);
  const refused = checkSender(session, identity, now);
  if (!session || refused) return refused;
  if (kind !== "robot") return undefined;
  const at = Math.min(now, Math.max(now - backMs, said.beganAt));
  const item = toItem(
    env,
    { type: "robot.manoeuvred", actor: actorOf(session), inferred: false, evidence: evidenceOf(said) },
    { robotId, at, sessionId: session.sessionId },
  );
  const about = ["robot.manoeuvred", robotId, said.reason, ...said.stages.map(({ stage, became }) => `${stage} ${became}`)];
  await env.store.entities.timelineEvent.put({ ...item, eventId: seldomId(about, at, everyMs) }).go();
  return undefined;
}

function evidenceOf({ reason, latencyMs, stages }: ManoeuvreReport): Evidence {
  const facts = stages.flatMap(({ stage, became, tookMs }) => [
    [stage, became],
    [`${stage}Ms`, Math.round(tookMs)],
  ]);
  return { reason, latencyMs: Math.round(latencyMs), ...Object.fromEntries(facts) };
}
