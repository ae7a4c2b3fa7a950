import type { KeyId } from "@tether/protocol/id";
import type { Role } from "@tether/protocol/role";

/** The robot or user that a ticket was issued to, with the key or grant that it depends on. */
export type Principal =
  | { readonly type: "robot"; readonly kid: KeyId }
  | {
      readonly type: "user";
      readonly id: string;
      readonly role: Role;
      /** The grant that gave the role; `admins` where a group did. */
      readonly by: string;
      /** When the token was issued: what was revoked later than this does not hold. */
      readonly issuedAt: number;
      readonly name?: string;
    };
