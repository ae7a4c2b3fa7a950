import type { SessionEvents } from "@tether/sdk/client";
import { countdown } from "../format/duration.ts";
import { timeOf } from "../format/instant.ts";
import type { Facts } from "./facts.ts";
import { holderName } from "./people.ts";

/** The deadlines of the session; most are renewed before they come. */
export type Deadline = { readonly name: string; readonly says: string; readonly isDue: boolean };

/** A lease this near to its end, in ms, should have been renewed already and is marked. */
const nearMs = 60_000;

const over = "over: Tether passes nothing on until it is renewed, which is tried by itself; if it lasts, sign in again";

/** Instants by the server's clock. */
export function deadlinesOf(deadlines: SessionEvents["deadlines"] | undefined, { control, mine }: Facts, now: number): Deadline[] {
  if (!deadlines) return [];
  const { authExpiresAt, connectionEndsAt } = deadlines;
  const isNear = authExpiresAt - now <= nearMs;
  const near = authExpiresAt > now ? `over in ${countdown(authExpiresAt, now)}, and could not be renewed yet` : over;
  const lease = { name: "Lease", says: isNear ? near : `until ${timeOf(authExpiresAt)}, renewed by itself`, isDue: isNear };
  const connection = { name: "Connection", says: `handed over before ${timeOf(connectionEndsAt)}, without a gap`, isDue: false };
  return [lease, ...controlDeadline({ control, mine }, now), connection];
}

function controlDeadline({ control, mine }: Pick<Facts, "control" | "mine">, now: number): Deadline[] {
  const holder = control?.holder;
  if (!holder) return [{ name: "Control", says: "free", isDue: false }];
  if (holder.keptUntil !== undefined)
    return [{ name: "Control", says: `kept for ${holderName(control)} another ${countdown(holder.keptUntil, now)}`, isDue: true }];
  // A renewal is told to the holder alone.
  if (!mine) return [{ name: "Control", says: `with ${holderName(control)}`, isDue: false }];
  const isDue = holder.expiresAt - now <= nearMs / 2;
  const until = isDue ? `free in ${countdown(holder.expiresAt, now)} unless you drive` : `until ${timeOf(holder.expiresAt)}`;
  return [{ name: "Control", says: isDue ? until : `${until}, renewed while you drive`, isDue }];
}
