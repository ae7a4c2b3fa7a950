/** The headers of the built console and its caching, wherever it is served. */

/** Scripts and styles from the page's own origin alone and none inline; calls to it and to the origins in `calls`; frames of it in pages of `frames`. */
export function securityPolicy(calls: readonly string[], frames: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    `connect-src ${["'self'", ...new Set(calls)].join(" ")}`,
    "form-action 'self'",
    `frame-ancestors ${frames.length === 0 ? "'none'" : [...new Set(frames)].join(" ")}`,
    "base-uri 'none'",
  ].join("; ");
}

/** The other security headers of every answer. */
export const security = {
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(self), geolocation=()",
} as const;

/** Assets carry their content in their name; all else is asked for anew. */
export const caching = { assets: "public, max-age=31536000, immutable", other: "no-store" } as const;
