import { printable } from "@tether/program/printable";
import { limits } from "@tether/protocol/limits";
import { routes } from "@tether/sdk/api";
import type { Context } from "../context.ts";
import { isTrouble, type Outcome, type Trouble, usage } from "../exit.ts";
import { anonymous } from "../http/anonymous.ts";
import { isPrivateWay } from "../http/ask.ts";
import { troubleOf } from "../http/refusal.ts";
import { tokensByDevice } from "../sign-in/device.ts";
import { findIssuer, type Issuer } from "../sign-in/issuer.ts";
import { pasted } from "../sign-in/pasted.ts";
import { awaitRedirect } from "../sign-in/redirect.ts";
import { makeRequest } from "../sign-in/request.ts";
import { pathOf, readSignIn, type StoredSignIn, updateSignIn } from "../sign-in/stored.ts";
import { redeem, type Tokens } from "../sign-in/tokens.ts";
import type { Invocation } from "./command.ts";

/** Signs in by the user's own browser: no password comes near this program (RFC 8252). */
export async function signIn(context: Context, { args: [url], flags }: Invocation): Promise<Outcome> {
  const api = await apiOf(context, url);
  if (isTrouble(api)) return api;
  const port = flags.port === undefined ? undefined : Number(flags.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) return usage("--port takes a number from 0 to 65535.");
  const issuer = await findIssuer(context, api);
  if (isTrouble(issuer)) return issuer;
  const tokens = flags.device
    ? await tokensByDevice(context, issuer)
    : await tokensBy(context, issuer, { port, quietly: flags["no-open"] === true });
  if (isTrouble(tokens)) return tokens;
  const user = await userOf(context, api, tokens);
  if (isTrouble(user)) return user;
  const kept: StoredSignIn = { version: 1, api, issuer: issuer.metadata.issuer, clientId: issuer.clientId, user, ...tokens };
  const saved = await updateSignIn(context, async () => kept);
  if (isTrouble(saved)) return saved;
  const name = printable(user.name ?? user.email ?? user.id);
  context.say.result(`Signed in at ${api} as ${name}. That is kept in ${pathOf(context)}.`, {
    signedIn: true,
    api,
    user,
    path: pathOf(context),
  });
  return "done";
}

async function apiOf(context: Context, url: string | undefined): Promise<string | Trouble> {
  const kept = await readSignIn(context);
  const chosen = url ?? (context.variables.TETHER_API || (isTrouble(kept) ? undefined : kept.api));
  if (chosen === undefined)
    return usage(
      "No service to sign in to.",
      "Write: tether sign-in URL. For npm start on this machine: tether sign-in http://127.0.0.1:4400",
    );
  // A token must not be sent where others on the way can read it.
  return isPrivateWay(chosen)
    ? new URL(chosen).origin
    : usage(
        "URL is not the address of a service.",
        "Write it with its scheme: https://HOST, or http://127.0.0.1:PORT for a service on this machine.",
      );
}

async function tokensBy(
  context: Context,
  issuer: Issuer,
  { port, quietly }: { readonly port: number | undefined; readonly quietly: boolean },
): Promise<Tokens | Trouble> {
  const redirect = await awaitRedirect(context, limits.signIn.redirectUri, port);
  if (isTrouble(redirect)) return redirect;
  const over = new AbortController();
  try {
    const request = await makeRequest(context, issuer, redirect.address);
    const { url } = request;
    const coming = redirect.redirected(request.state);
    context.say.event(`Sign in with a browser:\n\n  ${url}\n`, { event: "sign-in", url });
    context.say.progress("If that browser is on another machine, it ends at an address that it cannot open: paste that address here.\n");
    if (!quietly) context.open(url);
    const redirected = await Promise.race([coming, pasted(context, request.state, redirect.address, over.signal)]);
    return isTrouble(redirected) ? redirected : await redeem(context, issuer, redirected, request);
  } finally {
    over.abort();
    redirect.close();
  }
}

/** Asks the service who the user is. A token that the service refuses must not be stored. */
async function userOf(context: Context, api: string, { idToken }: Tokens): Promise<StoredSignIn["user"] | Trouble> {
  const me = await anonymous(context, api, idToken).call(routes.getMe, {});
  if ("failure" in me) return troubleOf(api, me.failure);
  const { id, name, email } = me.value;
  return { id, ...(name !== undefined && { name }), ...(email !== undefined && { email }) };
}
