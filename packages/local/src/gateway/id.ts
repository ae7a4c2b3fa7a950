import type { Random } from "../fault/random.ts";

/** Eleven bytes, so that the text ends with the one "=" of API Gateway's ids. */
export function gatewayId(random: Random): string {
  const bytes = Buffer.from(Array.from({ length: 11 }, () => Math.floor(random() * 256)));
  return `${bytes.toString("base64url")}=`;
}
