import type { SignIn } from "@tether/protocol/http";
import { routes } from "@tether/sdk/api";
import {
  allowInsecureRequests,
  ClientError,
  type Configuration,
  clockTolerance,
  customFetch,
  discovery,
  None,
  type ServerMetadata,
} from "openid-client";
import type { Context } from "../context.ts";
import { isTrouble, type Trouble } from "../exit.ts";
import { anonymous } from "../http/anonymous.ts";
import { invalidAnswer, isPrivateWay, send } from "../http/ask.ts";
import { troubleOf } from "../http/refusal.ts";
import { Unanswered, unansweredIn } from "./unanswered.ts";

/** An issuer as its metadata describe it (OpenID Connect Discovery 1.0 §3, RFC 8414 §2). */
export type Issuer = {
  readonly clientId: string;
  readonly metadata: Readonly<ServerMetadata>;
  readonly configuration: Configuration;
  /** The time by the issuer's own clock, in ms since the Unix epoch, as it stood in its latest answer (`Date`). */
  readonly answeredAt: () => number | undefined;
};

type Env = Pick<Context, "fetch" | "clock">;

/**
 * The library compares a token's instants with this machine's clock, which may be hours off; `tokens.ts` compares them with the issuer's
 * own clock. So the library is to let everything pass, in seconds.
 */
const anyTime = 100 * 365 * 86_400;

/** Asks the API which issuer its users sign in at, and reads that issuer's metadata. */
export async function findIssuer(env: Env, api: string): Promise<Issuer | Trouble> {
  const answered = await anonymous(env, api).call(routes.getSignIn, {});
  return "value" in answered ? discover(env, answered.value) : troubleOf(api, answered.failure);
}

/** Reads an issuer's metadata. The issuer must be the one that was asked for (§4.3), at addresses that secrets may be sent to. */
export async function discover(env: Env, { issuer, clientId }: SignIn): Promise<Issuer | Trouble> {
  if (!isPrivateWay(issuer)) return unsafe(issuer);
  let answeredAt: number | undefined;
  async function fetch(url: string, { method, headers, body }: { method: string; headers: Record<string, string>; body?: unknown }) {
    const form = body instanceof URLSearchParams || typeof body === "string" ? { body } : {};
    const sent = await send(env, url, { method, headers, ...form });
    if (isTrouble(sent)) throw new Unanswered(sent);
    answeredAt = Date.parse(sent.answer.headers.get("date") ?? "") || undefined;
    return new Response(sent.text || null, sent.answer);
  }
  try {
    const configuration = await discovery(new URL(issuer), clientId, { [clockTolerance]: anyTime }, None(), {
      [customFetch]: fetch,
      // The way to an issuer on this machine need not be encrypted. Every address is looked at below.
      execute: new URL(issuer).protocol === "http:" ? [allowInsecureRequests] : [],
    });
    const metadata = configuration.serverMetadata();
    return metadata.issuer === issuer && areSafe(metadata)
      ? { clientId, metadata, configuration, answeredAt: () => answeredAt }
      : unsafe(issuer);
  } catch (error) {
    return unansweredIn(error) ?? notAnIssuer(issuer, error);
  }
}

/** The addresses that a browser or a request of this program is led to. */
function areSafe(metadata: Readonly<ServerMetadata>): boolean {
  const { authorization_endpoint, token_endpoint, revocation_endpoint, device_authorization_endpoint } = metadata;
  const needed = authorization_endpoint !== undefined && token_endpoint !== undefined;
  const endpoints = [authorization_endpoint, token_endpoint, revocation_endpoint, device_authorization_endpoint];
  return needed && endpoints.every((address) => address === undefined || isPrivateWay(address));
}

export function unsafe(issuer: string): Trouble {
  return {
    exit: "refused",
    code: "issuer.unsafe",
    says: `The issuer ${issuer} is not at https addresses, or not the one it says it is.`,
    remedy: "Tell whoever runs the service.",
  };
}

/** An answer that is no metadata is a fault that may pass; metadata of another issuer do not change by waiting. */
function notAnIssuer(issuer: string, error: unknown): Trouble {
  if (error instanceof ClientError && error.code === "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED") return unsafe(issuer);
  return { ...invalidAnswer(issuer), remedy: "Try again; if it stays, tell whoever runs the service." };
}
