import { createHmac, timingSafeEqual } from "node:crypto";
import { type Problem, problem } from "@tether/protocol/problem";
import type { Clock } from "../clock.ts";
import { compactJws, encoded } from "../jws.ts";
import { Claims } from "./claims.ts";
import type { Key, KeyRing } from "./key-ring.ts";

/** A ticket is a JWS in compact form with HS256 (RFC 7515). Its header is a function of the key: there is nothing to negotiate. */
const headerOf = (key: Key) => ({ alg: "HS256", kid: key.id, typ: "tether-ticket" });

const macOf = (key: Key, signed: string) => createHmac("sha256", key.secret).update(signed).digest();

export function seal([key]: KeyRing, claims: Claims): string {
  return compactJws(headerOf(key), claims, (signed) => macOf(key, signed));
}

/** Checks who made the ticket, whether it is over, and what it is for, in this order. */
export function unseal(env: { ring: KeyRing; clock: Clock }, ticket: string, use: Claims["use"]): Claims | Problem {
  const [header = "", payload = "", mac = "", ...rest] = ticket.split(".");
  const key = env.ring.find((candidate) => encoded(headerOf(candidate)) === header);
  if (key === undefined || rest.length > 0) return problem("ticket.invalid");
  // Compared as text: base64url has several spellings of the same bytes, and a ticket has one.
  const expected = Buffer.from(macOf(key, `${header}.${payload}`).toString("base64url"));
  const given = Buffer.from(mac);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return problem("ticket.invalid");
  const claims = Claims.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString()));
  if (!claims.success) return problem("ticket.invalid");
  if (env.clock.now() >= claims.data.exp * 1000) return problem("ticket.expired");
  return claims.data.use === use ? claims.data : problem("ticket.purpose");
}
