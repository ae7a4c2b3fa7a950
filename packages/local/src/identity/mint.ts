import { importJWK, SignJWT } from "jose";
import type { Clock } from "../clock/clock.ts";
import { accessClaims, audience, clientId, idClaims, scope, tokenLifeMs } from "./claims.ts";
import type { SigningKey } from "./keys.ts";
import type { User } from "./user.ts";

export type MintOptions = {
  /** 240 min unless told. */
  lifeMs?: number;
  /** Put over the usual claims of both tokens; `undefined` takes a claim out. */
  claims?: Readonly<Record<string, unknown>>;
};

/** `expiresAt` in ms since the Unix epoch. */
export type Minted = { accessToken: string; idToken: string; expiresAt: number };

/** To import a key takes longer than to sign by it. */
const imported = new WeakMap<SigningKey, ReturnType<typeof importJWK>>();

function keyOf(key: SigningKey): ReturnType<typeof importJWK> {
  const made = imported.get(key) ?? importJWK(key, key.alg);
  imported.set(key, made);
  return made;
}

/** The tokens a sign-in would give, without a sign-in. */
export async function mint(
  env: { clock: Pick<Clock, "now">; issuer: string; key: SigningKey; serial: number },
  user: User,
  { lifeMs = tokenLifeMs, claims = {} }: MintOptions = {},
): Promise<Minted> {
  const iat = Math.floor(env.clock.now() / 1000);
  const exp = iat + Math.floor(lifeMs / 1000);
  const key = await keyOf(env.key);
  const sign = (use: string, typ: string, own: Record<string, unknown>) =>
    new SignJWT({ ...own, iss: env.issuer, sub: user.sub, auth_time: iat, iat, exp, jti: `${iat}-${env.serial}-${use}`, ...claims })
      .setProtectedHeader({ alg: env.key.alg, kid: env.key.kid, typ })
      .sign(key);
  return {
    accessToken: await sign("access", "at+jwt", { ...accessClaims(user), client_id: clientId, scope, aud: audience }),
    idToken: await sign("id", "JWT", { ...idClaims(user), aud: clientId }),
    expiresAt: exp * 1000,
  };
}
