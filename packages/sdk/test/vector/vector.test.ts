import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Declaration } from "@tether/protocol/declaration";
import { normalCode } from "@tether/protocol/enrollment-code";
import { RobotId } from "@tether/protocol/id";
import { expect, test } from "vitest";
import { assertion } from "../../src/assertion/assertion.ts";
import { type PrivateKey, signerFromJwk, thumbprint } from "../../src/assertion/signer.ts";
import { limitSpeed } from "../../src/control/guard/blind-time.ts";
import { createPresses, isDeclared, limitAxes } from "../../src/control/guard/declared.ts";
import { importKeys, type Keys, verifyPermit } from "../../src/control/permit.ts";
import { hashOfCode } from "../../src/credential/code.ts";
import { proof } from "../../src/credential/proof.ts";

const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, "../../../protocol/vectors", `${name}.json`), "utf8"));

type Code = { name: string; typed: string; normal: string | null; sub: string | null };
type Key = { name: string; privateKey: PrivateKey; publicKey: PrivateKey; kid: string };
type Signed = { name: string; jws: string; problem: string | null; publicKey: { x: string }; subject: string };
type Permits = { keys: Parameters<typeof importKeys>[0]; cases: { name: string; jws: string; claims: object | null }[] };

const keys = read("key") as Key[];
const permits = read("permit") as Permits;

test.each(read("code") as Code[])("a code $name is hashed in its normal form [N3.1]", async ({ typed, normal, sub }) => {
  expect(normalCode(typed) ?? null).toBe(normal);
  expect((await hashOfCode(typed)) ?? null).toBe(sub);
});

test.each(keys)("the id of a key is its thumbprint: $name [K1.1]", async ({ privateKey, publicKey, kid }) => {
  expect(await thumbprint(publicKey)).toBe(kid);
  expect((await signerFromJwk(privateKey)).kid).toBe(kid);
});

/** Ed25519 signs the same twice, so what is made must be what the vector holds to the last letter; P-256 does not. */
function expectSame(made: string, known: string, isDeterministic: boolean): void {
  const part = (jws: string, at: number) => JSON.parse(Buffer.from(jws.split(".")[at] ?? "", "base64url").toString());
  if (isDeterministic) expect(made).toBe(known);
  else expect([part(made, 0), part(made, 1)]).toEqual([part(known, 0), part(known, 1)]);
}

const at = 1_800_000_000_000;
const audience = "https://api.example";

test.each(keys.slice(0, 2))("an assertion is made as the vectors say: $name [A2, A2.1]", async ({ privateKey, publicKey }) => {
  const known = (read("assertion") as Signed[]).find(({ publicKey: { x }, problem }) => x === publicKey.x && problem === null);
  const random = { fraction: () => 0, bytes: () => new Uint8Array(Buffer.from("test-vector-0001")) };
  const robot = RobotId.parse("rob_01J00000000000000000000000");
  const made = await assertion({ signer: await signerFromJwk(privateKey), random }, { robot, audience, at });
  expectSame(made, known?.jws ?? "", privateKey.kty === "OKP");
});

test.each(keys.slice(0, 2))("a proof is made as the vectors say: $name [N3]", async ({ privateKey, publicKey }) => {
  const known = (read("proof") as Signed[]).find(({ publicKey: { x }, problem }) => x === publicKey.x && problem === null);
  const made = await proof(await signerFromJwk(privateKey), { subject: known?.subject ?? "", audience, at });
  expectSame(made, known?.jws ?? "", privateKey.kty === "OKP");
});

test.each(permits.cases)("a permit $name is read only if it holds [R1, R1.1]", async ({ jws, claims }) => {
  const known: Keys = await importKeys(permits.keys);
  expect((await verifyPermit(known, jws)) ?? null).toEqual(claims);
});

type Speed = { name: string; command: unknown; maxLinear: number | null; maxAngular: number | null; limit: number; becomes: unknown };

test.each(read("speed") as Speed[])(
  "a command is given the speed that the vectors say: $name [R23, R24]",
  ({ command, limit, becomes, ...most }) => {
    expect(limitSpeed(command, { blindMs: null, stopMs: 1_000, ...most }, limit)).toEqual(becomes);
  },
);

type Declared = Pick<Speed, "name" | "maxLinear" | "maxAngular" | "limit"> & {
  declaration: Declaration;
  commands: readonly unknown[];
  becomes: readonly ({ axes: object; press: string | null } | null)[];
};

test.each(read("declared") as Declared[])(
  "a robot that declared itself is given what the vectors say: $name [R36, R37]",
  ({ declaration, commands, becomes, limit, ...most }) => {
    const { parse } = Declaration;
    const presses = createPresses();
    const bounds = { blindMs: null, stopMs: 1_000, ...most };
    const given = commands.map((command) =>
      isDeclared(parse(declaration), command)
        ? { axes: limitAxes(declaration, command, bounds, limit), press: presses.take(command) ?? null }
        : null,
    );
    expect(JSON.parse(JSON.stringify(given))).toEqual(becomes);
  },
);
