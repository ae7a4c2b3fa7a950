import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import type { VerifierSettings } from "../../src/caller/verifier.ts";

export const clientId = "console";

/** 2031, so that a check by the clock of the machine would have another result. */
export const now = Date.UTC(2031, 0, 1);

type Signing = { kid: string; key: CryptoKey };

/** An issuer whose keys are to be had by its `fetch`, for as long as `answer` is not set to something else. */
export async function createIssuer(issuer = "https://id.example/pool", alg = "ES256") {
  const jwks: JWK[] = [];
  const asked: string[] = [];
  const time = { at: now };
  let current: Signing;

  async function rotate(): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    const kid = `key-${jwks.length + 1}`;
    jwks.push({ ...(await exportJWK(publicKey)), kid, alg, use: "sig" });
    current = { kid, key: privateKey };
  }
  await rotate();

  const self = {
    settings: { issuer, clientIds: [clientId] } satisfies VerifierSettings,
    time,
    clock: { now: () => time.at },
    jwks,
    asked,
    rotate,
    answer: (): Response | Promise<Response> => Response.json({ keys: jwks }),
    /** The issuer's metadata, and how often it was asked for. */
    metadata: (): Response | Promise<Response> => Response.json({ issuer, jwks_uri: `${issuer}/keys` }),
    discovered: 0,
    fetch: (async (url) => {
      if (String(url).endsWith("/.well-known/openid-configuration")) {
        self.discovered += 1;
        return self.metadata();
      }
      asked.push(String(url));
      return self.answer();
    }) as typeof globalThis.fetch,
    /** An access token of the client, good for an hour; `undefined` takes a claim out. */
    async sign(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> {
      const usual = { iss: issuer, sub: "u-1", token_use: "access", client_id: clientId, iat: now / 1000, exp: now / 1000 + 3_600 };
      return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg, kid: current.kid, ...header }).sign(current.key);
    },
  };
  return self;
}
