import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import * as z from "zod/mini";

const Sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** A file that a deployment serves: the robot's program for a platform, a Debian package of it, a package for npm, or a wheel for Python. */
export const ReleasedFile = z.object({
  name: z.string().check(z.regex(/^[\w.~-]+$/)),
  /** `program`, `debian`, `npm` or `wheel`. A later release may list files of other kinds, which an installation leaves alone. */
  kind: z.string(),
  platform: z.optional(z.string()),
  version: z.string().check(z.regex(/^[\w.~-]+$/)),
  bytes: z.int().check(z.positive()),
  sha256: Sha256,
});
export type ReleasedFile = z.infer<typeof ReleasedFile>;

/** The list of what a deployment serves to be installed. `keys`: the Ed25519 keys (SPKI, base64) that may sign the next one. */
export const Manifest = z.object({
  version: z.string().check(z.regex(/^[\w.~-]+$/)),
  /** The oldest glibc that loads the robot's program. */
  glibc: z.string(),
  keys: z.array(z.base64()).check(z.minLength(1)),
  files: z.array(ReleasedFile),
});
export type Manifest = z.infer<typeof Manifest>;

/** A public key as the manifest and the installation keep it. */
export function keyOf(base64: string): KeyObject {
  return createPublicKey({ key: Buffer.from(base64, "base64"), format: "der", type: "spki" });
}

/** The words by which people compare a release key: SHA-256 of its SPKI, in hexadecimal. */
export function fingerprintOf(base64: string): string {
  return createHash("sha256").update(Buffer.from(base64, "base64")).digest("hex");
}

/** The manifest, if one of the keys signed exactly these bytes. */
export function readManifest(bytes: Uint8Array, signature: Uint8Array, keys: readonly string[]): Manifest | "unsigned" | "malformed" {
  if (!keys.some((key) => verify(null, bytes, keyOf(key), signature))) return "unsigned";
  try {
    return Manifest.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch {
    return "malformed";
  }
}
