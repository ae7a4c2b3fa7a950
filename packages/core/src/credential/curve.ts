import { createPublicKey } from "node:crypto";
import type { PublicKey } from "@tether/protocol/http";

/** Coordinates of the right length need not be a point of the curve: the runtime's own key import knows. */
export function isOnCurve(key: PublicKey): boolean {
  try {
    createPublicKey({ key, format: "jwk" });
    return true;
  } catch {
    return false;
  }
}
