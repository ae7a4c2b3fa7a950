import { SignIn } from "@tether/protocol/http";
import * as z from "zod/mini";
import type { Context } from "../context.ts";
import { isTrouble, type Trouble } from "../exit.ts";
import { ask, invalidAnswer, isPrivateWay } from "../http/ask.ts";
import { refusalOf } from "../http/refusal.ts";

const address = z.string().check(z.refine(isPrivateWay));

/** The part of an issuer's metadata that sign-in needs (OpenID Connect Discovery 1.0 §3, RFC 8414 §2). */
const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: address,
  token_endpoint: address,
  revocation_endpoint: z.optional(address),
  scopes_supported: z.optional(z.array(z.string())),
});

export type Issuer = z.infer<typeof Metadata> & { readonly clientId: string };

type Env = Pick<Context, "fetch" | "clock">;

/** Asks the API which issuer its users sign in at, and reads that issuer's metadata. */
export async function findIssuer(env: Env, api: string): Promise<Issuer | Trouble> {
  const url = `${api}/v1/sign-in`;
  const answer = await ask(env, url);
  if (isTrouble(answer)) return answer;
  if (answer.status !== 200) return refusalOf(url, answer);
  const told = SignIn.safeParse(answer.json);
  return told.success ? discover(env, told.data) : invalidAnswer(url);
}

/** Reads an issuer's metadata. The issuer must be the one that was asked for (§4.3), at addresses that secrets may be sent to. */
export async function discover(env: Env, { issuer, clientId }: SignIn): Promise<Issuer | Trouble> {
  const unsafe: Trouble = {
    exit: "refused",
    code: "issuer.unsafe",
    says: `The issuer ${issuer} is not at https addresses, or not the one it says it is.`,
    remedy: "Tell whoever runs the service.",
  };
  if (!isPrivateWay(issuer)) return unsafe;
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const answer = await ask(env, url);
  if (isTrouble(answer)) return answer;
  if (answer.status !== 200) return { ...invalidAnswer(url), remedy: "Try again; if it stays, tell whoever runs the service." };
  const read = Metadata.safeParse(answer.json);
  return read.success && read.data.issuer === issuer ? { ...read.data, clientId } : unsafe;
}
