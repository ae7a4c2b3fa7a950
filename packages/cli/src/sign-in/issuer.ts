import { SignIn } from "@tether/protocol/http";
import * as z from "zod/mini";
import { isTrouble, type Trouble } from "../exit.ts";
import { ask, isSafe, senseless } from "../service/ask.ts";
import { refused } from "../service/refused.ts";
import type { World } from "../world.ts";

const address = z.string().check(z.refine(isSafe));

/** What is used of an issuer's metadata (OpenID Connect Discovery 1.0 §3, RFC 8414 §2). */
const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: address,
  token_endpoint: address,
  revocation_endpoint: z.optional(address),
  scopes_supported: z.optional(z.array(z.string())),
});

export type Issuer = z.infer<typeof Metadata> & { readonly clientId: string };

type Env = Pick<World, "fetch" | "clock">;

/** The issuer that a service sends its users to. */
export async function issuerOf(env: Env, api: string): Promise<Issuer | Trouble> {
  const url = `${api}/v1/sign-in`;
  const answer = await ask(env, url);
  if (isTrouble(answer)) return answer;
  if (answer.status !== 200) return refused(url, answer);
  const told = SignIn.safeParse(answer.json);
  return told.success ? discover(env, told.data) : senseless(url);
}

/** What an issuer says of itself. It must be the one it was asked for (§4.3), and at addresses that secrets may travel to. */
export async function discover(env: Env, { issuer, clientId }: SignIn): Promise<Issuer | Trouble> {
  const unsafe: Trouble = {
    exit: "refused",
    code: "issuer.unsafe",
    says: `The issuer ${issuer} is not at https addresses, or not the one it says it is.`,
    remedy: "Tell whoever runs the service.",
  };
  if (!isSafe(issuer)) return unsafe;
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const answer = await ask(env, url);
  if (isTrouble(answer)) return answer;
  if (answer.status !== 200) return { ...senseless(url), remedy: "Try again; if it stays, tell whoever runs the service." };
  const read = Metadata.safeParse(answer.json);
  return read.success && read.data.issuer === issuer ? { ...read.data, clientId } : unsafe;
}
