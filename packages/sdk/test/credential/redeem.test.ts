import { createHash, createPublicKey, verify } from "node:crypto";
import { normalCode } from "@tether/protocol/enrollment-code";
import { describe, expect, test } from "vitest";
import { thumbprint } from "../../src/assertion/signer.ts";
import { algorithms, makeKeyPair, publicKeyOf } from "../../src/credential/key-pair.ts";
import { redeem } from "../../src/credential/redeem.ts";
import { createTestPlatform } from "../platform.ts";
import { createService } from "../service.ts";

const code = "7K3M-9Q2X-0ABC-DEFG-HJKM-NPQR-STVW";
const api = "https://api.example/base";
const decoded = (part: string | undefined) => JSON.parse(Buffer.from(part ?? "", "base64url").toString());

async function start(algorithm: (typeof algorithms)[number] = "ed25519") {
  const service = createService();
  const { platform, clock } = createTestPlatform({ fetch: service.fetch });
  const key = await makeKeyPair(algorithm);
  const enrolled = {
    robot: { id: "rob_01J00000000000000000000000", name: "Rover" },
    credential: { kid: await thumbprint(key), state: "active", registeredAt: 1, registeredBy: "u1" },
    api: { origin: "https://api.example" },
    serverTime: 1,
  };
  const ask = (given = code) => redeem(platform, { api, code: given, key });
  const proofs = () => service.asked.map(({ body }) => String(body.proof).split("."));
  return { service, clock, key, enrolled, ask, proofs };
}

describe("redeeming a code", () => {
  test.each(algorithms)(
    "sends a new %s key's public part alone, and a proof of it that is for this code and service [N3]",
    async (algorithm) => {
      const { service, clock, key, enrolled, ask, proofs } = await start(algorithm);
      service.gives(enrolled, 201);
      expect(await ask()).toEqual({ answer: enrolled });
      const [asked] = service.asked;
      expect(asked).toMatchObject({ url: "https://api.example/v1/enrollments/redeem", body: { code, publicKey: publicKeyOf(key) } });
      expect(JSON.stringify(asked)).not.toContain(key.d);
      const [[header, claims, signature] = []] = proofs();
      const sub = createHash("sha256")
        .update(normalCode(code) ?? "")
        .digest("base64url");
      const iat = Math.floor(clock.now() / 1000);
      expect(decoded(header)).toEqual({ alg: algorithm === "ed25519" ? "EdDSA" : "ES256", typ: "tether-proof+jwt" });
      expect(decoded(claims)).toEqual({ sub, aud: "https://api.example", iat, exp: iat + 60 });
      const publicKey = createPublicKey({ key: publicKeyOf(key), format: "jwk" });
      const signed = Buffer.from(`${header}.${claims}`);
      const verifier = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
      expect(verify(algorithm === "ed25519" ? null : "sha256", signed, verifier, Buffer.from(signature ?? "", "base64url"))).toBe(true);
    },
  );

  test("is done once more by the server's clock when the robot's is off, and not a third time [E6, N3]", async () => {
    const { service, clock, enrolled, ask, proofs } = await start();
    const serverTime = clock.now() + 7_200_000;
    service.refuses("assertion.clock", serverTime);
    service.gives(enrolled, 201);
    expect(await ask()).toEqual({ answer: enrolled });
    expect(proofs().map(([, claims]) => decoded(claims).iat)).toEqual([clock.now(), serverTime].map((at) => Math.floor(at / 1000)));
    service.refuses("assertion.clock", 1);
    service.refuses("assertion.clock", 1);
    expect(await ask()).toMatchObject({ refusal: { reason: { code: "assertion.clock" } } });
    expect(service.asked).toHaveLength(4);
  });

  test.each([
    ["enrollment.invalid", "never"],
    ["unavailable", "backoff"],
  ] as const)("that is refused by %s may be tried again: %s", async (problem, retry) => {
    const { service, ask } = await start();
    service.refuses(problem);
    expect(await ask()).toMatchObject({ refusal: { retry, reason: { code: problem } } });
  });

  test("of what is no code asks nobody", async () => {
    const { service, ask } = await start();
    expect(await ask("7K3M")).toMatchObject({ refusal: { reason: { code: "enrollment.invalid" } } });
    expect(service.asked).toEqual([]);
  });

  test.each([
    ["a proxy's page", "<html>", 502, "network.failed"],
    ["an answer of another service", { hello: 1 }, 200, "answer.invalid"],
  ])("answered by %s is no refusal of ours", async (_, body, status, code) => {
    const { service, ask } = await start();
    service.gives(body, status);
    expect(await ask()).toMatchObject({ refusal: { retry: "backoff", reason: { code } } });
  });
});
