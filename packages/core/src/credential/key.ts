import type { Credential, PublicKey } from "@tether/protocol/http";
import type { InstanceId, KeyId, RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";

/** A robot's registered key, as it is stored. */
export type Key = {
  readonly robotId: RobotId;
  readonly kid: KeyId;
  readonly state: Credential["state"];
  readonly publicKey: PublicKey;
  readonly registeredAt: number;
  readonly registeredBy: string;
  readonly activatedAt?: number | undefined;
  /** To the hour; a key that was registered and never used has none. */
  readonly provedAt?: number | undefined;
  readonly instance?: InstanceId | undefined;
  readonly retiresAt?: number | undefined;
  readonly replaces?: KeyId | undefined;
  /** The pending key that is to replace it. */
  readonly successor?: KeyId | undefined;
  readonly retireNow?: boolean | undefined;
};

/** Items are written by this package alone: reading trusts that. */
export function keyFrom(item: object): Key {
  return item as Key;
}

/** The key's state now: one whose overlap is over is retired, whether or not anyone has written that down. */
export function stateAt({ state, retiresAt = 0 }: Pick<Key, "state" | "retiresAt">, now: number): Key["state"] {
  return state === "retiring" && now >= retiresAt ? "retired" : state;
}

export type Dates = { readonly kid: KeyId; readonly rotateAfter: number; readonly expiresAt: number };

/** When to make the next key, and when this one is past its date. */
export function datesOf({ kid, state, activatedAt, registeredAt, retiresAt }: Key): Dates {
  const since = activatedAt ?? registeredAt;
  const expiresAt = since + limits.credential.expiresMs;
  return {
    kid,
    rotateAfter: since + limits.credential.rotateAfterMs,
    expiresAt: state === "retiring" ? Math.min(retiresAt ?? expiresAt, expiresAt) : expiresAt,
  };
}

export function toCredential(key: Key, now: number): Credential {
  const { kid, registeredAt, registeredBy, activatedAt, provedAt, instance, retiresAt, replaces } = key;
  return {
    kid,
    state: stateAt(key, now),
    registeredAt,
    registeredBy,
    ...(activatedAt !== undefined && { activatedAt }),
    ...(provedAt !== undefined && { lastProvedAt: provedAt }),
    ...(instance !== undefined && { lastInstance: instance }),
    ...(retiresAt !== undefined && { retiresAt }),
    ...(replaces !== undefined && { replaces }),
  };
}
