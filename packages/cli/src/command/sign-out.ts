import { isTrouble, type Outcome } from "../exit.ts";
import { forget, type Kept, readKept } from "../kept/kept.ts";
import { discover } from "../sign-in/issuer.ts";
import { revoke } from "../sign-in/tokens.ts";
import type { World } from "../world.ts";

/** Forgets the sign-in here whatever the issuer says. */
export async function signOut(world: World): Promise<Outcome> {
  const kept = await readKept(world);
  await forget(world);
  if (isTrouble(kept)) {
    // Also what could not be used is gone now.
    world.say.result(kept.exit === "unsigned" ? "Nobody was signed in here." : "The sign-in is forgotten here.", { signedOut: true });
    return "fine";
  }
  const ended = await endAt(world, kept);
  const rest = ended ? "" : " The issuer could not be told: what was kept stays good there until it runs out.";
  world.say.result(`Signed out of ${kept.api}.${rest}`, { signedOut: true, api: kept.api, ended });
  return "fine";
}

async function endAt(world: World, kept: Kept): Promise<boolean> {
  if (kept.refreshToken === undefined) return false;
  const issuer = await discover(world, kept);
  return !isTrouble(issuer) && (await revoke(world, issuer, kept.refreshToken)) === "revoked";
}
