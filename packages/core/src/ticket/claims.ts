import { KeyId, RobotId, SessionId } from "@tether/protocol/id";
import { Role } from "@tether/protocol/role";
import * as z from "zod/mini";

const Principal = z.discriminatedUnion("type", [
  z.object({ type: z.literal("robot"), kid: KeyId }),
  z.object({ type: z.literal("user"), id: z.string(), role: Role, by: z.string(), issuedAt: z.int(), name: z.optional(z.string()) }),
]);

/** A ticket's claims. It permits becoming connection `epoch` of one session, or renewing its lease once more. */
export const Claims = z.object({
  jti: z.string(),
  use: z.enum(["connect", "renew"]),
  kind: z.enum(["robot", "client"]),
  robotId: RobotId,
  sessionId: SessionId,
  principal: Principal,
  epoch: z.int().check(z.positive()),
  /** How often the lease was renewed before; a renew ticket is good for the next time only. */
  renewals: z.int().check(z.nonnegative()),
  /** The renewal would leave the lease as it was when the ticket was issued. */
  unmoved: z.optional(z.literal(true)),
  /** The renewal would give fewer rights than the session had when the ticket was issued. */
  reduces: z.optional(z.literal(true)),
  graceMs: z.int(),
  /** In ms, like all instants but `exp`. */
  authExpiresAt: z.int(),
  /** In s since the Unix epoch (RFC 7519 §4.1.4). */
  exp: z.int(),
});
export type Claims = z.infer<typeof Claims>;
