import * as z from "zod/mini";
import { KeyId } from "../id.ts";
import { pageOf } from "./page.ts";

const coordinate = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));

/** An Ed25519 key (RFC 8037) or a P-256 key (RFC 7518 §6.2), public part only. */
export const PublicKey = z.discriminatedUnion("kty", [
  z.strictObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: coordinate }),
  z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: coordinate, y: coordinate }),
]);
export type PublicKey = z.infer<typeof PublicKey>;

export const CredentialRegister = z.object({ publicKey: PublicKey });
export type CredentialRegister = z.infer<typeof CredentialRegister>;

export const Credential = z.object({
  kid: KeyId,
  state: z.enum(["pending", "active", "retiring", "retired", "revoked"]),
  registeredAt: z.int(),
  registeredBy: z.string(),
});
export type Credential = z.infer<typeof Credential>;

export const CredentialPage = pageOf(Credential);
