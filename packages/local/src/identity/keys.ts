import { generateKeyPair, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { calculateJwkThumbprint } from "jose";
import * as z from "zod/mini";

const SigningKey = z.object({
  kty: z.literal("RSA"),
  kid: z.string(),
  alg: z.literal("RS256"),
  use: z.literal("sig"),
  n: z.string(),
  e: z.string(),
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
});
export type SigningKey = z.infer<typeof SigningKey>;

/** Newest first: it signs, the others still verify. `cookie` signs the sign-in page's cookies. */
const KeySet = z.object({ keys: z.tuple([SigningKey], SigningKey), cookie: z.string() });
export type KeySet = z.infer<typeof KeySet>;

/** Where keys outlive the process. */
export interface Keep {
  load(): Promise<unknown>;
  save(value: unknown): Promise<unknown>;
}

/** Tokens live 4 h at most, so who rotates thrice within that gives up the oldest. */
const kept = 3;

const generate = promisify(generateKeyPair);

async function newKey(): Promise<SigningKey> {
  const { privateKey } = await generate("rsa", { modulusLength: 2048 });
  const jwk = privateKey.export({ format: "jwk" });
  return SigningKey.parse({ ...jwk, alg: "RS256", use: "sig", kid: await calculateJwkThumbprint(jwk) });
}

/** Reads a kept set; throws for what is none. */
export const readKeySet = (value: unknown): KeySet => KeySet.parse(value);

/** The kept keys, or new ones where none are kept. */
export async function loadKeys(keep: Keep | undefined): Promise<KeySet> {
  const kept = await keep?.load();
  if (kept !== undefined) return readKeySet(kept);
  const made: KeySet = { keys: [await newKey()], cookie: randomBytes(32).toString("base64url") };
  await keep?.save(made);
  return made;
}

/** A new key in front of the ones that were. */
export async function rotated(before: KeySet, keep: Keep | undefined): Promise<KeySet> {
  const after: KeySet = { ...before, keys: [await newKey(), ...before.keys.slice(0, kept - 1)] };
  await keep?.save(after);
  return after;
}
