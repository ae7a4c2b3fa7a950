import type { UserRevoked } from "@tether/protocol/http";
import { routes } from "@tether/sdk/api";
import type { Context } from "../context.ts";
import { isTrouble, type Outcome, type Trouble } from "../exit.ts";
import { openService } from "../service/service.ts";
import { discover } from "../sign-in/issuer.ts";
import { forgetSignIn, readSignIn, type StoredSignIn } from "../sign-in/stored.ts";
import { revoke } from "../sign-in/tokens.ts";
import type { Invocation } from "./command.ts";

/** Removes the sign-in from this machine even if the issuer refuses or cannot be reached. */
export async function signOut(context: Context, { flags }: Invocation): Promise<Outcome> {
  if (flags.everywhere) return signOutEverywhere(context);
  const kept = await readSignIn(context);
  const forgotten = await forgetSignIn(context);
  if (isTrouble(forgotten)) return forgotten;
  if (isTrouble(kept)) {
    // A damaged or unsafe file has been removed as well.
    context.say.result(kept.exit === "unsigned" ? "Nobody was signed in here." : "The sign-in is forgotten here.", { signedOut: true });
    return "done";
  }
  const ended = await endAtIssuer(context, kept);
  const rest = ended ? "" : " The issuer could not be told: the tokens stay valid there until they expire.";
  context.say.result(`Signed out of ${kept.api}.${rest}`, { signedOut: true, api: kept.api, ended });
  return "done";
}

async function endAtIssuer(context: Context, kept: StoredSignIn): Promise<boolean> {
  if (kept.refreshToken === undefined) return false;
  const issuer = await discover(context, kept);
  return !isTrouble(issuer) && (await revoke(issuer, kept.refreshToken)) === "revoked";
}

/** If the service refuses, the sign-in stays on this machine, so that the user can try again. */
async function signOutEverywhere(context: Context): Promise<Outcome> {
  const kept = await readSignIn(context);
  if (isTrouble(kept)) return kept;
  const revoked = await revokeAll(context, kept);
  if (isTrouble(revoked)) return revoked;
  const forgotten = await forgetSignIn(context);
  if (isTrouble(forgotten)) return forgotten;
  const ended = revoked.signIns === "ended";
  const rest = ended ? "" : ` Sign-ins at ${kept.issuer} cannot be ended by this service: sign out there too.`;
  context.say.result(`Signed out of ${kept.api} everywhere.${rest}`, { signedOut: true, everywhere: true, api: kept.api, ended });
  return "done";
}

async function revokeAll(context: Context, { user }: StoredSignIn): Promise<UserRevoked | Trouble> {
  const service = await openService(context);
  return isTrouble(service) ? service : service.call(routes.revokeUser, { query: { sub: user.id } });
}
