import type { IncomingMessage, ServerResponse } from "node:http";
import type Provider from "oidc-provider";
import { headers, refusedPage, signInPage } from "./page.ts";
import { signedIn } from "./user.ts";

/** `targets`: where the form may lead. */
type Env = { provider: Provider; prefix: string; targets: readonly string[] };

const formBytes = 4_096;

/** Our page of an authorization: shows the form, reads it, and hands the user to oidc-provider. */
export async function signIn(env: Env, uid: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const show = (status: number, page: string) => response.writeHead(status, headers(env.targets)).end(page);
  const details = await env.provider.interactionDetails(request, response).catch(() => undefined);
  if (details?.uid !== uid) return void show(400, refusedPage(env.prefix, "This sign-in is over, or was begun in another browser."));
  // Nobody is asked for consent, not even when the application insists.
  if (details.prompt.name !== "login") return env.provider.interactionFinished(request, response, { consent: {} });
  if (request.method !== "POST") {
    const hint = details.params.login_hint;
    return void show(200, signInPage(env.prefix, typeof hint === "string" ? { email: hint } : {}));
  }
  const form = await formOf(request);
  if (!form) return void show(413, refusedPage(env.prefix, "The form is too large."));
  const email = form.get("email") ?? "";
  const user = signedIn(email, form.get("password") ?? "");
  if (!user) return void show(422, signInPage(env.prefix, { email, wrong: true }));
  await env.provider.interactionFinished(request, response, { login: { accountId: user.sub } }, { mergeWithLastSubmission: false });
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    // Read on: leaving early would close the socket before the answer is out.
    if (bytes <= formBytes) parts.push(part);
  }
  if (bytes > formBytes) return undefined;
  return new URLSearchParams(Buffer.concat(parts).toString("utf8"));
}
