import type { Context } from "../context.ts";
import { isTrouble, type Trouble } from "../exit.ts";
import { discover } from "./issuer.ts";
import { readSignIn, type StoredSignIn, updateSignIn } from "./stored.ts";
import { refresh } from "./tokens.ts";

/** A token that expires within this time may expire before the request arrives. */
const marginMs = 60_000;

/** The stored sign-in with a valid token; asks the issuer for a fresh one where that is needed. */
export async function currentSignIn(context: Context): Promise<StoredSignIn | Trouble> {
  const kept = await readSignIn(context);
  return isTrouble(kept) || kept.expiresAt - issuerTime(context, kept) > marginMs ? kept : renewSignIn(context, kept.idToken);
}

/** The time by the issuer's clock: a machine whose own clock is hours off would otherwise refresh before every request, or never. */
function issuerTime({ clock }: Pick<Context, "clock">, { aheadMs }: StoredSignIn): number {
  return clock.now() + aheadMs;
}

/**
 * Replaces the stale token. Two processes that exchange the same refresh token lose the sign-in, so the second one waits for the
 * first and uses its result.
 */
export function renewSignIn(context: Context, stale: string): Promise<StoredSignIn | Trouble> {
  return updateSignIn(context, async (kept) => {
    if (isTrouble(kept) || kept.idToken !== stale) return kept;
    if (kept.refreshToken === undefined) {
      return { exit: "unsigned", code: "sign-in.over", says: "The sign-in is over.", remedy: "Run: tether sign-in" };
    }
    const issuer = await discover(context, kept);
    if (isTrouble(issuer)) return issuer;
    const tokens = await refresh(context, issuer, kept.refreshToken);
    return isTrouble(tokens) ? tokens : { ...kept, ...tokens };
  });
}
