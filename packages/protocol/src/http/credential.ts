import * as z from "zod/mini";
import { InstanceId, KeyId } from "../id.ts";
import { limits } from "../limits.ts";
import { Text } from "../text.ts";
import { pageOf } from "./page.ts";
import { PublicKey } from "./public-key.ts";

/** A JWS in compact form, typ `tether-proof+jwt`, with which a new key proves that its private part is at hand. */
export const Proof = Text.check(z.maxLength(limits.assertion.bytes));

/** An owner sends the key alone. A robot sends its next key with that key's proof (`sub`: the robot's id) and an assertion by its current one. */
export const CredentialRegister = z.object({
  publicKey: PublicKey,
  proof: z.optional(Proof),
  assertion: z.optional(Text.check(z.maxLength(limits.assertion.bytes))),
  /** Retires the current key as soon as the new one was used, without an overlap. */
  retireNow: z.optional(z.boolean()),
});
export type CredentialRegister = z.infer<typeof CredentialRegister>;

/** A key of a robot, without the key itself. `registeredBy` is `robot` or a user's subject; instants are ms since the Unix epoch. */
export const Credential = z.object({
  kid: KeyId,
  state: z.enum(["pending", "active", "retiring", "retired", "revoked"]),
  registeredAt: z.int(),
  registeredBy: Text,
  activatedAt: z.optional(z.int()),
  /** When it last bought a ticket, to the hour, and for which instance. */
  lastProvedAt: z.optional(z.int()),
  lastInstance: z.optional(InstanceId),
  /** When a retiring key is no longer taken. */
  retiresAt: z.optional(z.int()),
  /** The key it takes over from. */
  replaces: z.optional(KeyId),
});
export type Credential = z.infer<typeof Credential>;

/** The keys of a robot, and what became of each. */
export const CredentialPage = pageOf(Credential);
export type CredentialPage = z.infer<typeof CredentialPage>;

/** `force` takes even the last key that a robot proved; `successors` takes all that descend from the key, too. */
export const CredentialRevoke = z.object({
  force: z.optional(z.enum(["true", "false"])),
  successors: z.optional(z.enum(["true", "false"])),
});

/**
 * The keys that still open the robot and descend from this one: each was announced with the one before it. Whoever stole a key can have
 * announced them.
 */
export function successorsOf<Key extends Pick<Credential, "kid" | "state" | "replaces">>(keys: readonly Key[], kid: string): Key[] {
  const family = new Set([kid]);
  // A key's predecessor may stand behind it in the list.
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const key of keys) if (key.replaces !== undefined && family.has(key.replaces)) family.add(key.kid);
  }
  return keys.filter((key) => key.kid !== kid && family.has(key.kid) && key.state !== "retired" && key.state !== "revoked");
}
