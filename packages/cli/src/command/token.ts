import type { Context } from "../context.ts";
import { exits, isTrouble, type Outcome, usage } from "../exit.ts";
import { instant } from "../instant.ts";
import { currentSignIn } from "../sign-in/current.ts";
import { configuredMinutes } from "../token/configured.ts";
import { decode } from "../token/decode.ts";
import { inspect, words } from "../token/inspect.ts";
import type { Invocation } from "./command.ts";

export async function tokenInspect({ input, clock, say }: Context, { args: [token = "-"], flags }: Invocation): Promise<Outcome> {
  const expect = flags.expect === undefined ? undefined : Number(flags.expect);
  if (expect !== undefined && !(expect > 0 && Number.isFinite(expect))) return usage("--expect takes a number of minutes.");
  const claims = decode(token === "-" ? await input() : token);
  if (!claims)
    return usage("That is no token: it should be three parts between dots, with iat and exp.", "Copy the whole of it, or pipe it in.");
  const inspected = inspect(claims, { now: clock.now(), configuredMinutes: expect ?? configuredMinutes(claims.token_use) });
  const outcome = inspected.verdict === "as configured" ? "done" : "differs";
  say.result(words(inspected), { exit: exits[outcome].code, ...inspected });
  return outcome;
}

/** Prints the token alone to standard output, so that it can go into a variable of a shell, and that it is a secret to standard error. */
export async function tokenPrint(context: Context): Promise<Outcome> {
  const kept = await currentSignIn(context);
  if (isTrouble(kept)) return kept;
  const { idToken, expiresAt, api } = kept;
  context.say.progress(
    `The token for ${api} is a secret: whoever has it is you there until ${instant(expiresAt)}. Do not paste it anywhere, and print it to no log.`,
  );
  context.say.result(idToken, { token: idToken, api, expiresAt });
  return "done";
}
