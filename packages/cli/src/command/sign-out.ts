import { UserRevoked } from "@tether/protocol/http";
import { isTrouble, type Outcome, type Trouble } from "../exit.ts";
import { forget, type Kept, readKept } from "../kept/kept.ts";
import { openService } from "../service/service.ts";
import { discover } from "../sign-in/issuer.ts";
import { revoke } from "../sign-in/tokens.ts";
import type { World } from "../world.ts";
import type { Asked } from "./command.ts";

/** Forgets the sign-in here whatever the issuer says. */
export async function signOut(world: World, { flags }: Asked): Promise<Outcome> {
  if (flags.everywhere) return signOutEverywhere(world);
  const kept = await readKept(world);
  const forgotten = await forget(world);
  if (isTrouble(forgotten)) return forgotten;
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

/** What the service refuses to do is not done, and the sign-in with which to try again stays. */
async function signOutEverywhere(world: World): Promise<Outcome> {
  const kept = await readKept(world);
  if (isTrouble(kept)) return kept;
  const revoked = await revokeAll(world, kept);
  if (isTrouble(revoked)) return revoked;
  const forgotten = await forget(world);
  if (isTrouble(forgotten)) return forgotten;
  const ended = revoked.signIns === "ended";
  const rest = ended ? "" : ` Sign-ins at ${kept.issuer} are not for this service to end: sign out there too.`;
  world.say.result(`Signed out of ${kept.api} everywhere.${rest}`, { signedOut: true, everywhere: true, api: kept.api, ended });
  return "fine";
}

async function revokeAll(world: World, { user }: Kept): Promise<UserRevoked | Trouble> {
  const service = await openService(world);
  return isTrouble(service) ? service : service.call("POST", `/users/revoke?${new URLSearchParams({ sub: user.id })}`, UserRevoked);
}
