import { createHash, timingSafeEqual } from "node:crypto";

/** The header in which CloudFront shows that a request came through it. */
export const edgeHeader = "x-tether-edge";

/** The keys as the secret has them, separated by commas: CloudFront sends the first, and any is taken, so that they can be exchanged. */
export function parseEdgeKeys(text: string): readonly string[] {
  const keys = text.split(",").flatMap((part) => part.trim() || []);
  if (keys.some((key) => key.length < 22)) throw new Error("a key of the edge has fewer than 22 characters");
  return keys;
}

/** Whether a request came through the edge, or there is none. */
export function passedEdge(keys: readonly string[], shown: string | undefined): boolean {
  if (keys.length === 0) return true;
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const given = digest(shown ?? "");
  return keys.some((key) => timingSafeEqual(digest(key), given));
}
