import { fieldsOf } from "@tether/protocol/field";
import { IceServer } from "@tether/protocol/ice-server";
import * as z from "zod/mini";
import { type CloudflareEnv, cloudflareIce } from "./cloudflare.ts";
import { coturnIce } from "./coturn.ts";
import { fixed, type IceProvider, joined, staticIce } from "./provider.ts";

const Stun = z.string().check(z.regex(/^stuns?:\S+$/));
const Turn = z.string().check(z.regex(/^turns?:\S+$/));
const Word = z.string().check(z.minLength(1));

const Setting = z.strictObject({
  /** As they are handed on. */
  servers: z.optional(z.array(IceServer)),
  stun: z.optional(z.array(Stun)),
  coturn: z.optional(z.strictObject({ urls: z.array(Turn).check(z.minLength(1)), secret: Word })),
  cloudflare: z.optional(z.strictObject({ keyId: Word, token: Word })),
});

/**
 * Reads the setting: STUN addresses separated by commas, a JSON list of `RTCIceServer` dictionaries, or JSON
 * `{ stun?: […], coturn?: { urls, secret }, cloudflare?: { keyId, token } }`. An empty one is none. A setting that cannot work is an Error that names the field, never what it held.
 */
export function parseIce(text: string, env: CloudflareEnv): IceProvider {
  const read = Setting.safeParse(valueIn(text.trim()));
  if (!read.success) throw new Error(`The ICE setting is wrong in ${fieldsOf(read.error.issues).join(", ")}.`);
  const { servers = [], stun = [], coturn, cloudflare } = read.data;
  return joined([
    fixed(servers),
    staticIce(stun),
    ...(coturn ? [coturnIce(coturn)] : []),
    ...(cloudflare ? [cloudflareIce(cloudflare, env)] : []),
  ]);
}

function valueIn(text: string): unknown {
  if (!/^[{[]/.test(text)) {
    const stun = text.split(",").map((url) => url.trim());
    return { stun: stun.filter((url) => url !== "") };
  }
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? { servers: value } : value;
  } catch {
    throw new Error("The ICE setting is no JSON.");
  }
}
