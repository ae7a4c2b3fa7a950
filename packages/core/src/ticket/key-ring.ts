/** Keys for one MAC, the newest first: it signs, all verify. Two suffice to rotate without an outage. */
export type KeyRing = readonly [Key, ...Key[]];

/** `secret` has at least 32 bytes (RFC 7518 §3.2). */
export type Key = { readonly id: string; readonly secret: Uint8Array };

/** Reads `id:base64url,id:base64url`, newest first. */
export function parseKeyRing(text: string): KeyRing {
  const [first, ...others] = text.split(",").map((part): Key => {
    const [id = "", encoded = ""] = part.trim().split(":");
    const secret = Buffer.from(encoded, "base64url");
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id) || secret.length < 32)
      throw new Error("a key ring is `id:secret,…` with secrets of at least 32 bytes in base64url");
    return { id, secret };
  });
  if (first === undefined) throw new Error("a key ring needs a key");
  return [first, ...others];
}
