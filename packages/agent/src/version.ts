/** Put in by the bundler. */
declare const TETHER_VERSION: string | undefined;

/** The version of this program. */
export const version: string = typeof TETHER_VERSION === "string" ? TETHER_VERSION : "0.2.0";
