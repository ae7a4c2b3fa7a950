import type { Cause } from "@tether/protocol/cause";
import { lostBy, readStanding } from "../access/standing.ts";
import type { Session } from "../live/session.ts";
import type { Store } from "../store/index.ts";

/**
 * The cause for which a session may live no longer: what it stands on is gone. Whoever takes that away ends the session too;
 * this finds the one that was overlooked, because they were cut off or an index lagged. A stale look is enough for a yes.
 */
export async function revalidate(env: { store: Store }, session: Session): Promise<Cause | undefined> {
  const look = async (read: "stale" | "consistent") => lostBy(await readStanding(env, session, read));
  return (await look("stale")) && look("consistent");
}
