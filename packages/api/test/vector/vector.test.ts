import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PublicKey } from "@tether/protocol/http";
import { expect, test } from "vitest";
import { verifyProof } from "../../src/assertion/proof.ts";
import { verifyAssertion } from "../../src/assertion/verify.ts";

type Signed = { name: string; publicKey: PublicKey; audience: string; at: number; subject: string; jws: string; problem: string | null };

const read = (name: string): Signed[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../protocol/vectors", `${name}.json`), "utf8"));

test.each(read("assertion"))("an assertion of the vectors is judged as they say: $name [A2, A2.1, A2.2]", (vector) => {
  const { jws, publicKey, audience, at, problem } = vector;
  expect(verifyAssertion(jws, publicKey, { audience, clock: { now: () => at, after: () => () => {} } as never })?.problem ?? null).toBe(
    problem,
  );
});

test.each(read("proof"))("a proof of the vectors is judged as they say: $name [N3]", (vector) => {
  const { jws, publicKey, audience, subject, at, problem } = vector;
  expect(verifyProof(jws, publicKey, { audience, subject, clock: { now: () => at } as never })?.problem ?? null).toBe(problem);
});
