import { instant } from "../instant.ts";
import type { Claims } from "./decode.ts";

/** A token's lifetime as its claims state it, compared with the configured one. Instants in ms, durations in minutes. */
export type Inspected = {
  readonly issuer: string | undefined;
  readonly subject: string | undefined;
  readonly use: string | undefined;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Negative once the token has expired. */
  readonly remainingMinutes: number;
  readonly lifetimeMinutes: number;
  readonly configuredMinutes: number;
  readonly verdict: "as configured" | "shorter" | "longer";
};

const minute = 60_000;
/** Rounds to the second, because tokens count whole seconds. */
const minutes = (ms: number) => Math.round((ms / minute) * 60) / 60;

export function inspect(
  { iss, sub, token_use, iat, exp }: Claims,
  { now, configuredMinutes }: { now: number; configuredMinutes: number },
): Inspected {
  const [issuedAt, expiresAt] = [iat * 1000, exp * 1000];
  const lifetimeMinutes = minutes(expiresAt - issuedAt);
  const remainingMinutes = minutes(expiresAt - now);
  const verdict = lifetimeMinutes === configuredMinutes ? "as configured" : lifetimeMinutes < configuredMinutes ? "shorter" : "longer";
  return { issuer: iss, subject: sub, use: token_use, issuedAt, expiresAt, remainingMinutes, lifetimeMinutes, configuredMinutes, verdict };
}

/** The comparison as text for people. */
export function words(inspected: Inspected): string {
  const { issuer, subject, use, issuedAt, expiresAt, remainingMinutes, lifetimeMinutes, configuredMinutes, verdict } = inspected;
  const rows = [
    ["Issuer", issuer ?? "not said"],
    ["Subject", subject ?? "not said"],
    ["Kind", use ?? "not said"],
    ["Issued", instant(issuedAt)],
    ["Expires", instant(expiresAt)],
    ["Remaining", remainingMinutes > 0 ? long(remainingMinutes) : `none, it expired ${long(-remainingMinutes)} ago`],
    ["Lifetime", long(lifetimeMinutes)],
    ["Configured", long(configuredMinutes)],
  ];
  const table = rows.map(([name = "", value]) => `${name.padEnd(12)}${value}`).join("\n");
  if (verdict === "as configured") return `${table}\n\nThe token lives as long as configured. Its signature was not checked.`;
  const off = long(Math.abs(lifetimeMinutes - configuredMinutes));
  return `${table}\n\nThe token lives ${long(lifetimeMinutes)}: ${off} ${verdict} than the ${long(configuredMinutes)} that are configured.
Deploy infra/ again, check that the user pool's client has its values, and sign in again. The token's signature was not checked.`;
}

/** `240 min`, `1 min 30 s`. */
function long(value: number): string {
  const seconds = Math.round(value * 60);
  const [whole, rest] = [Math.floor(seconds / 60), seconds % 60];
  return [...(whole > 0 || rest === 0 ? [`${whole} min`] : []), ...(rest > 0 ? [`${rest} s`] : [])].join(" ");
}
