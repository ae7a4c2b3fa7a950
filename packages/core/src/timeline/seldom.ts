import { createHash } from "node:crypto";
import { base32 } from "@tether/protocol/base32";
import { encodeTime } from "ulid";

/**
 * The one id of an event of this kind within a stretch of time: written again, it takes its own place, so that nobody
 * can flood a timeline with it. The id sorts to the beginning of its stretch.
 */
export function seldomId(about: readonly string[], at: number, everyMs: number): string {
  const digest = createHash("sha256").update(JSON.stringify(about)).digest();
  return `evt_${encodeTime(at - (at % everyMs))}${base32(digest.subarray(0, 16))}`;
}
