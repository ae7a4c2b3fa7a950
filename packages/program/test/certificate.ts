import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A certificate and its key, as TLS servers take them. */
export type Identity = { readonly cert: string; readonly key: string };

type Claims = { readonly name: string; readonly names?: readonly string[]; readonly from?: Date; readonly until?: Date };
type Authority = Identity & { issue(claims: Claims): Identity };

const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const oid = (...bytes: number[]) => der(0x06, Buffer.from(bytes));
const bits = (bytes: Uint8Array) => der(0x03, Buffer.from([0]), bytes);
const yes = der(0x01, Buffer.from([0xff]));

const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const commonName = (name: string) => sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))));
const basicConstraints = (isAuthority: boolean) => [oid(0x55, 0x1d, 0x13), yes, der(0x04, sequence(...(isAuthority ? [yes] : [])))];
const alternativeNames = (names: readonly string[]) => [
  oid(0x55, 0x1d, 0x11),
  der(0x04, sequence(...names.map((name) => der(0x82, Buffer.from(name))))),
];

/** RFC 5280 §4.1.2.5.2: `YYYYMMDDHHMMSSZ`. */
function instant(at: Date): Buffer {
  return der(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`));
}

/** An X.509 certificate (RFC 5280 §4.1), so that no test needs another program to make one. */
function certificate(
  { name, names, from = new Date(0), until = new Date("2100-01-01") }: Claims,
  issuer: { readonly name: string; readonly key: KeyObject },
  publicKey: KeyObject,
): string {
  const extensions = [sequence(...basicConstraints(names === undefined)), ...(names ? [sequence(...alternativeNames(names))] : [])];
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1]), randomBytes(8)),
    ecdsaWithSha256,
    commonName(issuer.name),
    sequence(instant(from), instant(until)),
    commonName(name),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const whole = sequence(signed, ecdsaWithSha256, bits(sign("sha256", signed, issuer.key)));
  return `-----BEGIN CERTIFICATE-----\n${whole.toString("base64").replace(/(.{64})/g, "$1\n")}\n-----END CERTIFICATE-----\n`;
}

const pem = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString();

/** An authority that nobody knows unless told of it. */
export function createAuthority(name: string): Authority {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    cert: certificate({ name }, { name, key: privateKey }, publicKey),
    key: pem(privateKey),
    issue(claims) {
      const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const cert = certificate({ ...claims, names: claims.names ?? [claims.name] }, { name, key: privateKey }, own.publicKey);
      return { cert, key: pem(own.privateKey) };
    },
  };
}
