import { plain } from "@tether/program/plain";
import { Me } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { isTrouble, type Outcome, type Trouble, usage } from "../exit.ts";
import { type Kept, pathOf, readKept, updateKept } from "../kept/kept.ts";
import { ask, isSafe, senseless } from "../service/ask.ts";
import { refused } from "../service/refused.ts";
import { type Issuer, issuerOf } from "../sign-in/issuer.ts";
import { awaitRedirect } from "../sign-in/redirect.ts";
import { makeRequest } from "../sign-in/request.ts";
import { redeem, type Tokens } from "../sign-in/tokens.ts";
import type { World } from "../world.ts";
import type { Asked } from "./command.ts";

/** Signs in by the user's own browser: no password comes near this program (RFC 8252). */
export async function signIn(world: World, { args: [url], flags }: Asked): Promise<Outcome> {
  const api = await apiOf(world, url);
  if (isTrouble(api)) return api;
  const port = flags.port === undefined ? undefined : Number(flags.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) return usage("--port takes a number from 0 to 65535.");
  const issuer = await issuerOf(world, api);
  if (isTrouble(issuer)) return issuer;
  const tokens = await tokensBy(world, issuer, { port, quietly: flags["no-open"] === true });
  if (isTrouble(tokens)) return tokens;
  const user = await whose(world, api, tokens);
  if (isTrouble(user)) return user;
  const kept: Kept = { version: 1, api, issuer: issuer.issuer, clientId: issuer.clientId, user, ...tokens };
  const saved = await updateKept(world, async () => kept);
  if (isTrouble(saved)) return saved;
  const name = plain(user.name ?? user.email ?? user.id);
  world.say.result(`Signed in at ${api} as ${name}. That is kept in ${pathOf(world)}.`, { signedIn: true, api, user, path: pathOf(world) });
  return "fine";
}

async function apiOf(world: World, url: string | undefined): Promise<string | Trouble> {
  const kept = await readKept(world);
  const told = url ?? (world.variables.TETHER_API || (isTrouble(kept) ? undefined : kept.api));
  if (told === undefined)
    return usage("No service to sign in to.", "Write: tether sign-in URL. On this machine that is what npm start prints as API.");
  // A token must not travel where others on the way can read it.
  return isSafe(told)
    ? new URL(told).origin
    : usage("That is no address of a service.", "It begins with https://, or is one of this machine.");
}

async function tokensBy(
  world: World,
  issuer: Issuer,
  { port, quietly }: { readonly port: number | undefined; readonly quietly: boolean },
): Promise<Tokens | Trouble> {
  const redirect = await awaitRedirect(world, limits.signIn.redirectUri, port);
  if (isTrouble(redirect)) return redirect;
  try {
    const { url, state, nonce, verifier } = makeRequest(world, issuer, redirect.address);
    const coming = redirect.code({ state, issuer: issuer.issuer });
    world.say.event(`Sign in with a browser on this machine:\n\n  ${url}\n`, { event: "sign-in", url });
    if (!quietly) world.open(url);
    const code = await coming;
    return isTrouble(code) ? code : await redeem(world, issuer, { code, verifier, nonce, redirectUri: redirect.address });
  } finally {
    redirect.close();
  }
}

/** Whom the service takes the token for. What it does not take is not kept. */
async function whose(world: World, api: string, { idToken }: Tokens): Promise<Kept["user"] | Trouble> {
  const url = `${api}/v1/users/me`;
  const answer = await ask(world, url, { headers: { authorization: `Bearer ${idToken}` } });
  if (isTrouble(answer)) return answer;
  if (answer.status !== 200) return refused(url, answer);
  const me = Me.safeParse(answer.json);
  if (!me.success) return senseless(url);
  const { id, name, email } = me.data;
  return { id, ...(name !== undefined && { name }), ...(email !== undefined && { email }) };
}
