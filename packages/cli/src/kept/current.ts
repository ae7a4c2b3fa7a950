import { isTrouble, type Trouble } from "../exit.ts";
import { discover } from "../sign-in/issuer.ts";
import { refresh } from "../sign-in/tokens.ts";
import type { World } from "../world.ts";
import { type Kept, readKept, updateKept } from "./kept.ts";

/** A token that is over while the request travels helps nobody. */
const marginMs = 60_000;

/** The kept sign-in with a token that is good, for which the issuer may be asked. */
export async function current(world: World): Promise<Kept | Trouble> {
  const kept = await readKept(world);
  return isTrouble(kept) || kept.expiresAt - issuersTime(world, kept) > marginMs ? kept : renewed(world, kept.idToken);
}

/** A machine whose clock is hours off would otherwise exchange the refresh token before every request, or never. */
function issuersTime({ clock }: Pick<World, "clock">, { aheadMs }: Kept): number {
  return clock.now() + aheadMs;
}

/**
 * The kept sign-in with another token than this one. Two that exchange one refresh token lose the sign-in, so the second
 * waits for the first and takes what that got.
 */
export function renewed(world: World, stale: string): Promise<Kept | Trouble> {
  return updateKept(world, async (kept) => {
    if (isTrouble(kept) || kept.idToken !== stale) return kept;
    if (kept.refreshToken === undefined) {
      return { exit: "unsigned", code: "sign-in.over", says: "The sign-in is over.", remedy: "Run: tether sign-in" };
    }
    const issuer = await discover(world, kept);
    if (isTrouble(issuer)) return issuer;
    const tokens = await refresh(world, issuer, kept.refreshToken);
    return isTrouble(tokens) ? tokens : { ...kept, ...tokens };
  });
}
