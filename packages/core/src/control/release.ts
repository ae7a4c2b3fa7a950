import { type Problem, problem } from "@tether/protocol/problem";
import { acting } from "../session/acting.ts";
import { own } from "../session/deliver.ts";
import { readLive } from "../session/read.ts";
import { actorOf, type Identity } from "../session/session.ts";
import type { Env } from "./driver.ts";
import { isHeldBy } from "./lease.ts";
import { announce, settle } from "./settle.ts";
import { apply } from "./write.ts";

/** The holder lets go. Who may not act any more still may. */
export async function release(env: Env, identity: Identity): Promise<Problem | undefined> {
  const read = await readLive(env, identity.robotId, "consistent");
  const session = own(read, identity);
  const refused = acting(session, identity, env.clock.now());
  if (!session || (refused && refused.problem !== "session.expired")) return refused ?? problem("session.superseded");
  const live = await settle(env, read);
  if (!isHeldBy(live.control, session)) return problem("control.unheld");
  const event = { type: "released", at: env.clock.now(), actor: actorOf(session), holder: live.control.holder.sessionId } as const;
  const applied = await apply(env, live.control, event);
  if (applied.outcome !== "changed") return problem("control.unheld");
  await announce(env, live, applied);
  return undefined;
}
