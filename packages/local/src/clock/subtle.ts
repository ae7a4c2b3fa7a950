import type { webcrypto } from "node:crypto";
import type { Quiet } from "./quiet.ts";

const asynchronous = ["sign", "verify", "digest", "generateKey", "importKey", "exportKey", "deriveBits", "encrypt", "decrypt"] as const;

/**
 * Counts WebCrypto as under way. It runs on a thread of its own, so turns of the event loop do not wait for it:
 * without this a signature made between a timer and a request is a gap in what `idle` knows.
 * Returns what undoes it.
 */
export function trackSubtle(quiet: Quiet, subtle: webcrypto.SubtleCrypto): () => void {
  for (const name of asynchronous) {
    const original: unknown = Reflect.get(subtle, name);
    if (typeof original !== "function") continue;
    Object.defineProperty(subtle, name, {
      configurable: true,
      value: (...args: unknown[]) => quiet.track(`subtle.${name}`, Promise.resolve(Reflect.apply(original, subtle, args))),
    });
  }
  return () => {
    for (const name of asynchronous) Reflect.deleteProperty(subtle, name);
  };
}
