import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { thumbprint } from "@tether/core/credential";
import { PublicKey } from "@tether/protocol/http";
import type { Entry } from "./entry.ts";

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const secretOf = (what: string) => createHash("sha256").update(what).digest();

/** The bytes before the 32 of an Ed25519 private key in PKCS #8 (RFC 8410). */
const ed25519 = Buffer.from("302e020100300506032b657004220420", "hex");
const keyOf = (what: string) => createPrivateKey({ key: Buffer.concat([ed25519, secretOf(what)]), format: "der", type: "pkcs8" });

/** The key that signs the permits of transcripts, as a deployment is given it. It is no secret, so that whoever reads one can check them. */
export const controlKeys = `transcript:${secretOf("permits").toString("base64url")}`;

const orderOf = (a: string, b: string) => (a === "type" ? -1 : b === "type" ? 1 : a < b ? -1 : 1);

/** The placeholder in a transcript for a value that is random, secret, or of this machine: the nth of its kind, in the order of the story. */
export function createPlaceholders({ origin, brokerUrl }: { origin: string; brokerUrl: string }) {
  const seen = new Map<string, string[]>();

  /** The place of a text among those of its kind, from 1 on. */
  function nth(kind: string, text: string): number {
    const texts = seen.get(kind) ?? [];
    seen.set(kind, texts);
    if (!texts.includes(text)) texts.push(text);
    return texts.indexOf(text) + 1;
  }

  const keyFor = (kid: string) => PublicKey.parse(createPublicKey(keyOf(`robot key ${nth("kid", kid)}`)).export({ format: "jwk" }));

  function id(text: string, prefix: string): string {
    return `${prefix}_01J${String(nth(prefix, text)).padStart(23, "0")}`;
  }

  const kid = (text: string) => (text.length === 43 ? thumbprint(keyFor(text)) : text);

  function permit(jws: string): string {
    const [header = "", payload = ""] = jws.split(".");
    const read = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString()) as object;
    const input = `${part(read(header))}.${part(walk(read(payload)) as object)}`;
    return `${input}.${sign(null, Buffer.from(input), keyOf("permits")).toString("base64url")}`;
  }

  /** By the field in which a text stands. */
  const fields: Readonly<Record<string, (text: string) => string>> = {
    ticket: (text) => `<ticket ${nth("ticket", text)}>`,
    assertion: (text) => `<assertion ${nth("assertion", text)}>`,
    proof: (text) => `<proof ${nth("proof", text)}>`,
    as: () => "Bearer <the user's token>",
    code: (text) => (/^[0-9A-Z-]{28,}$/.test(text) ? "<one-time code>" : text),
    instance: (text) => `instance-${nth("instance", text)}`,
    lastInstance: (text) => `instance-${nth("instance", text)}`,
    key: (text) => `${text.startsWith("once-") ? "once-" : ""}press-${String(nth("press", text)).padStart(16, "0")}`,
    permit,
    kid,
    replaces: kid,
  };

  function walk(value: unknown, field = ""): unknown {
    if (typeof value === "string") return text(value, field);
    if (Array.isArray(value)) return value.map((one) => walk(one, field));
    if (typeof value !== "object" || value === null) return value;
    if (field === "publicKey") return keyFor(thumbprint(PublicKey.parse(value)));
    // The engine gives an item's members in any order.
    const members = field === "" ? Object.entries(value) : Object.entries(value).toSorted(([a], [b]) => orderOf(a, b));
    return Object.fromEntries(members.map(([name, one]) => [ids(name), walk(one, name)]));
  }

  const ids = (told: string) => told.replace(/\b([a-z]{3})_[0-9A-HJKMNP-TV-Z]{26}\b/g, id);

  function text(told: string, field: string): string {
    const special = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (special) return special(told);
    if (field === "protocols") return told.replace(/(?<=^ticket\.).+/, (ticket) => `<ticket ${nth("ticket", ticket)}>`);
    return ids(told.replace(brokerUrl, "wss://broker.example/").replace(origin, "https://api.example"));
  }

  return (entry: Entry): Entry => ("says" in entry ? entry : (walk(entry) as Entry));
}
