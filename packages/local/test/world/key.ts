import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { thumbprint } from "@tether/core/credential";
import { normalCode } from "@tether/protocol/enrollment-code";
import { type Credential, type Enrolled, type EnrollmentCode, PublicKey, type TicketAnswer } from "@tether/protocol/http";
import { owner, type World } from "./world.ts";

export type TestKey = ReturnType<typeof createKey>;

/** The hash by which a proof names its code. */
export const hashOf = (code: string) =>
  createHash("sha256")
    .update(normalCode(code) ?? code)
    .digest("base64url");

/** A key that signs proofs and assertions by hand, so that a test can get each part wrong. */
export function createKey({ clock, system }: Pick<World, "clock" | "system">, curve: "Ed25519" | "P-256" = "Ed25519") {
  const pair = curve === "Ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { publicKey, privateKey } = pair as { publicKey: KeyObject; privateKey: KeyObject };
  const { kty, crv, x, y } = publicKey.export({ format: "jwk" });
  const jwk = PublicKey.parse(curve === "Ed25519" ? { kty, crv, x } : { kty, crv, x, y });
  const alg = curve === "Ed25519" ? "EdDSA" : "ES256";
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const jws = (header: object, claims: object) => {
    const input = `${part({ alg, ...header })}.${part(claims)}`;
    const signature = sign(curve === "Ed25519" ? null : "sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
    return `${input}.${signature.toString("base64url")}`;
  };
  const times = () => {
    const iat = Math.floor(clock.now() / 1000);
    return { aud: system.origin, iat, exp: iat + 60 };
  };
  return {
    publicKey: jwk,
    secret: String(privateKey.export({ format: "jwk" }).d),
    kid: thumbprint(jwk),
    proof: (sub: string, claims: object = {}, header: object = {}) =>
      jws({ typ: "tether-proof+jwt", ...header }, { ...times(), sub, ...claims }),
    assertion: (robotId: string, claims: object = {}) =>
      jws({ kid: thumbprint(jwk) }, { ...times(), iss: robotId, sub: robotId, jti: randomBytes(12).toString("hex"), ...claims }),
  };
}

/** Calls of owners and robots for codes and keys, over HTTP. */
export function keysIn(world: World) {
  const { call } = world;

  async function createRobot(name = "Rover"): Promise<string> {
    return (await call<{ id: string }>("POST", "/v1/robots", { as: owner, body: { name } })).body.id;
  }

  const codeFor = async (robot: string) => (await call<EnrollmentCode>("POST", `/v1/robots/${robot}/enrollments`, { as: owner })).body;

  const redeem = (code: string, key: TestKey, more: object = {}) =>
    call<Enrolled & { code?: string }>("POST", "/v1/enrollments/redeem", {
      body: { code, publicKey: key.publicKey, proof: key.proof(hashOf(code)), ...more },
    });

  const rotate = (robot: string, by: TestKey, next: TestKey, more: object = {}) =>
    call<Credential & { code?: string }>("POST", `/v1/robots/${robot}/credentials`, {
      body: { publicKey: next.publicKey, proof: next.proof(robot), assertion: by.assertion(robot), ...more },
    });

  const ticket = (robot: string, key: TestKey, more: object = {}) =>
    call<TicketAnswer & { code?: string }>("POST", "/v1/tickets/robot", { body: { assertion: key.assertion(robot), ...more } });

  const revoke = (robot: string, kid: string, { as = owner, force = false, successors = false } = {}) =>
    call<{ code?: string }>("DELETE", `/v1/robots/${robot}/credentials/${kid}?force=${force}&successors=${successors}`, { as });

  const list = async (robot: string) =>
    (await call<{ items: Credential[] }>("GET", `/v1/robots/${robot}/credentials`, { as: owner })).body.items;

  const stateOf = async (robot: string, { kid }: TestKey) => (await list(robot)).find((one) => one.kid === kid)?.state;

  async function events(robot: string, type: string) {
    const { body } = await call<{ items: { type: string; says: string; evidence?: Record<string, unknown> }[] }>(
      "GET",
      `/v1/robots/${robot}/timeline`,
      { as: owner },
    );
    return body.items.filter((item) => item.type === type);
  }

  /** A robot with one key that was enrolled. */
  async function enrolled(key: TestKey = createKey(world)) {
    const robot = await createRobot();
    await redeem((await codeFor(robot)).code, key);
    return { robot, key };
  }

  return { createRobot, codeFor, redeem, rotate, ticket, revoke, list, stateOf, events, enrolled };
}
