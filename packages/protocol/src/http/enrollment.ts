import * as z from "zod/mini";
import { RobotId } from "../id.ts";
import { Text, wellFormed } from "../text.ts";
import { Credential, Proof } from "./credential.ts";
import { PublicKey } from "./public-key.ts";

/** A one-time code, shown this once. */
/** `install`: the script of this deployment that installs a robot's program and takes the code; none where the deployment serves no program. */
export const EnrollmentCode = z.object({ code: Text, expiresAt: z.int(), install: z.optional(z.url().check(wellFormed)) });
export type EnrollmentCode = z.infer<typeof EnrollmentCode>;

/** A robot's first key, its proof (`sub`: the code's SHA-256 in base64url), and the code that lets it in. */
export const EnrollmentRedeem = z.object({ code: Text.check(z.maxLength(64)), publicKey: PublicKey, proof: Proof });
export type EnrollmentRedeem = z.infer<typeof EnrollmentRedeem>;

/** The facts that a robot must keep from now on, besides its key. */
export const Enrolled = z.object({
  robot: z.object({ id: RobotId, name: Text }),
  credential: Credential,
  /** `origin`: where the API is, and what assertions name as `aud`. */
  api: z.object({ origin: Text }),
  serverTime: z.int(),
});
export type Enrolled = z.infer<typeof Enrolled>;
