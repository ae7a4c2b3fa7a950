/** A part of a compact JWS (RFC 7515 §3.1). */
export function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A compact JWS (RFC 7515 §7.1). `sign` answers the signature of the text it is given. */
export function compactJws(header: object, claims: object, sign: (signed: string) => Buffer): string {
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${sign(signed).toString("base64url")}`;
}
