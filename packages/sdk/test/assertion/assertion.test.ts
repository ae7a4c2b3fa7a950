import { createHash, verify } from "node:crypto";
import { RobotId } from "@tether/protocol/id";
import { describe, expect, test } from "vitest";
import { assertion } from "../../src/assertion/assertion.ts";
import { signerFromJwk } from "../../src/assertion/signer.ts";
import { createTestPlatform } from "../platform.ts";
import { createKey } from "./key.ts";

const robot = RobotId.parse("rob_01J00000000000000000000000");
const at = 1_800_000_000_900;

async function sign(kind: "ed25519" | "p-256") {
  const { publicKey, jwk } = createKey(kind);
  const signer = await signerFromJwk(jwk);
  const { random } = createTestPlatform().platform;
  const jwt = await assertion({ signer, random }, { robot, audience: "https://api.example", at });
  const [header = "", claims = "", signature = ""] = jwt.split(".");
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
  const bytes = Buffer.from(`${header}.${claims}`);
  const hash = kind === "ed25519" ? null : "sha256";
  const verified = (over: Buffer) => verify(hash, over, { key: publicKey, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
  return { jwk, signer, header: read(header), claims: read(claims), bytes, verified };
}

describe("an assertion", () => {
  test.each([
    ["ed25519", "EdDSA"],
    ["p-256", "ES256"],
  ] as const)("of a %s key verifies with Node's own crypto, and not when altered", async (kind, alg) => {
    const { signer, header, bytes, verified } = await sign(kind);
    expect(header).toEqual({ alg, typ: "JWT", kid: signer.kid });
    expect(verified(bytes)).toBe(true);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(verified(bytes)).toBe(false);
  });

  test("names the robot as issuer and subject, the API as audience, and lives a minute", async () => {
    const { claims } = await sign("ed25519");
    expect(claims).toEqual({
      iss: robot,
      sub: robot,
      aud: "https://api.example",
      iat: 1_800_000_000,
      exp: 1_800_000_060,
      jti: expect.stringMatching(/^[\w-]{22}$/),
    });
  });

  test("is told apart by the key's RFC 7638 thumbprint [K1.1]", async () => {
    const { jwk, signer } = await sign("p-256");
    if (jwk.kty !== "EC") throw new Error(jwk.kty);
    const { crv, kty, x, y } = jwk;
    const text = `{"crv":"${crv}","kty":"${kty}","x":"${x}","y":"${y}"}`;
    expect(signer.kid).toBe(createHash("sha256").update(text).digest("base64url"));
    // RFC 8037 appendix A.3 gives a key and its thumbprint.
    const known = {
      kty: "OKP",
      crv: "Ed25519",
      x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
      d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    } as const;
    expect((await signerFromJwk(known)).kid).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  });
});
