import { sign } from "node:crypto";
import type { ControlPermit } from "@tether/protocol/control";
import { compactJws } from "../jws.ts";
import { type Held, policyOf } from "../live/control-lease.ts";
import type { ControlKeys } from "./key-ring.ts";

/** The broker's word that the holder may drive, as it is now: a compact JWS (RFC 7515) with EdDSA (RFC 8037), by the newest key. */
export function signPermit([key]: ControlKeys, lease: Held, now: number): string {
  const { deadmanMs, maxAgeMs, blindMs, stopMs, maxLinear, maxAngular } = policyOf(lease);
  const permit: ControlPermit = {
    robot: lease.robotId,
    session: lease.holder.sessionId,
    user: lease.holder.user.id,
    epoch: lease.epoch,
    issuedAt: now,
    expiresAt: lease.expiresAt,
    deadmanMs,
    maxAgeMs,
    blindMs,
    stopMs,
    maxLinear,
    maxAngular,
  };
  const header = { alg: "EdDSA", kid: key.kid, typ: "tether-permit" };
  return compactJws(header, permit, (signed) => sign(null, Buffer.from(signed), key.privateKey));
}
