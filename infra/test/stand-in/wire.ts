import type { Value } from "./graph.ts";

const special = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";
const reference = "5cf8f73096256a8f31e491e813e4eb8e";
const asset = "c44067f5952c0a294b673a41bacd8c17";
const archive = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Undoes Pulumi's wire encoding, and notes in `secrets` where secrets were. */
export function plain(value: unknown, secrets: string[] = [], at = ""): Value {
  if (Array.isArray(value)) return value.map((item, index) => plain(item, secrets, `${at}[${index}]`));
  if (typeof value !== "object" || value === null) return value as Value;
  const fields = value as Record<string, unknown>;
  switch (fields[special]) {
    case secret:
      secrets.push(at);
      return plain(fields.value, secrets, at);
    case reference:
      return plain({ urn: fields.urn, id: fields.id });
    case asset:
    case archive:
      return { asset: plain(fields.path ?? fields.text ?? fields.uri) };
    default:
      return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, plain(item, secrets, at ? `${at}.${key}` : key)]));
  }
}

/** As the above, of an object's fields. */
export function plainFields(value: unknown, secrets: string[] = []): Record<string, Value> {
  const read = plain(value ?? {}, secrets);
  return typeof read === "object" && read !== null && !Array.isArray(read) ? read : {};
}
