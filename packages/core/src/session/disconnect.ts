import { type Env, markGone } from "../delivery/notify.ts";
import { own, readLive } from "../live/read.ts";
import type { Identity } from "../live/session.ts";
import type { Ending } from "../store/ending.ts";

/** The gateway says that a connection closed. The report may come late, twice, or never: one read, and one write if it matters. */
export async function disconnect(env: Env, identity: Identity, ending: Ending): Promise<"away" | "ignored"> {
  const live = await readLive(env, identity.robotId, "consistent");
  const session = own(live, identity);
  if (!session) return "ignored";
  const after = await markGone(env, live, session, identity, ending);
  return after !== session ? "away" : "ignored";
}
