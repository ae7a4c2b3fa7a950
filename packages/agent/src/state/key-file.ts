import { RobotId } from "@tether/protocol/id";
import * as z from "zod/mini";

const part = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));

const PrivateJwk = z.discriminatedUnion("kty", [
  z.strictObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: part, d: part }),
  z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: part, y: part, d: part }),
]);

/** `madeAt` in ms since the Unix epoch, by this robot's clock. */
const KeptKey = z.object({ jwk: PrivateJwk, madeAt: z.int() });
export type KeptKey = z.infer<typeof KeptKey>;

const Enrolling = z.object({ api: z.url(), codeHash: part, key: KeptKey });
export type Enrolling = z.infer<typeof Enrolling>;

const Enrolled = z.object({
  api: z.url(),
  robot: z.object({ id: RobotId, name: z.string() }),
  /** The hash of the redeemed code, kept so that a repeated `enroll` with it succeeds. */
  codeHash: part,
  key: KeptKey,
  /** The successor of `key`, which may or may not be registered yet. */
  next: z.optional(KeptKey),
});
export type Enrolled = z.infer<typeof Enrolled>;

/** The facts that a robot must not lose. During an enrollment the previous one stays in force until the new one is finished. */
export const KeyFile = z.object({ version: z.literal(1), enrolled: z.optional(Enrolled), enrolling: z.optional(Enrolling) });
export type KeyFile = z.infer<typeof KeyFile>;

export const none: KeyFile = { version: 1 };
