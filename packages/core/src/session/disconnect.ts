import { drop, type Env, own } from "./deliver.ts";
import { readLive } from "./read.ts";
import type { Ending, Identity } from "./session.ts";

/** The gateway says that a connection closed. It may say so late, twice, or never: one read, and one write if it matters. */
export async function disconnect(env: Env, identity: Identity, ending: Ending): Promise<"away" | "ignored"> {
  const live = await readLive(env, identity.robotId, "consistent");
  const session = own(live, identity);
  if (!session) return "ignored";
  const after = await drop(env, live, session, identity.connection.id, ending);
  return after !== session ? "away" : "ignored";
}
