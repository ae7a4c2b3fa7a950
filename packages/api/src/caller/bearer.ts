import { type Problem, problem } from "@tether/protocol/problem";

/** The token of an `Authorization` header (RFC 6750 §2.1). Another scheme counts as no token. */
export function bearer(header: string | undefined): string | Problem {
  const [scheme, ...credentials] = header?.trim().split(/ +/) ?? [];
  if (scheme?.toLowerCase() !== "bearer" || credentials.length === 0) return problem("auth.missing");
  const [token = "", ...more] = credentials;
  return more.length === 0 && /^[\w.~+/-]+=*$/.test(token) ? token : problem("auth.invalid");
}
