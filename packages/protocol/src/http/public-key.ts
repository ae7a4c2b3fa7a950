import * as z from "zod/mini";
import { Text } from "../text.ts";

const coordinate = Text.check(z.regex(/^[A-Za-z0-9_-]{43}$/));

/** An Ed25519 key (RFC 8037) or a P-256 key (RFC 7518 §6.2), public part only. */
export const PublicKey = z.discriminatedUnion("kty", [
  z.strictObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: coordinate }),
  z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: coordinate, y: coordinate }),
]);
export type PublicKey = z.infer<typeof PublicKey>;
