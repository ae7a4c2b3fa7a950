import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useProgram } from "./program.ts";

const program = useProgram();

const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, `../../protocol/vectors/${name}.json`), "utf8"));

type Code = { name: string; typed: string; sub: string | null };
type Key = { name: string; privateKey: { kty: string; d: string }; publicKey: { kty: string; crv: string; x: string }; kid: string };
type Signed = { name: string; jws: string; problem: string | null; publicKey: { x: string } };

const keys = (read("key") as Key[]).filter(({ publicKey }) => publicKey.kty === "OKP");
const good = [...(read("assertion") as Signed[]), ...(read("proof") as Signed[])].filter(({ problem }) => problem === null);
const known = good.flatMap(({ name, jws, publicKey: { x } }) =>
  keys.filter((key) => key.publicKey.x === x).map((key) => ({ name, jws, key })),
);

test.each(read("code") as Code[])("a code $name is hashed in its normal form [N3.1]", async ({ typed, sub }) => {
  expect(await program.call({ do: "code", code: typed })).toEqual([{ hook: "code", hash: sub }]);
});

test.each(keys)("a key is told by its thumbprint, and comes out of its seed as it went in: $name [K1.1]", async (key) => {
  const { crv, kty, x } = key.publicKey;
  expect(await program.call({ do: "sign", seed: key.privateKey.d, header: "", claims: "" })).toMatchObject([
    { jwk: { crv, kty, x } },
    { kid: key.kid },
    { seed: key.privateKey.d },
    {},
  ]);
});

test.each(known)("assertions and proofs are signed to the last letter as the vectors are: $name [A2.1, N3]", async ({ jws, key }) => {
  const [header, claims] = jws.split(".").map((part) => Buffer.from(part, "base64url").toString());
  const told = await program.call({ do: "sign", seed: key.privateKey.d, header, claims });
  expect(told.at(-1)).toEqual({ hook: "signed", jws });
});

test.each(keys)("a signature holds for its own text and key alone: $name", async ({ publicKey, privateKey }) => {
  const told = await program.call({ do: "sign", seed: privateKey.d, header: "{}", claims: "{}" });
  const [head, body, mark = ""] = String(told.at(-1)?.jws).split(".");
  const base64 = (text: string) => Buffer.from(text, "base64url").toString("base64");
  const call = { do: "verify", key: base64(publicKey.x), text: `${head}.${body}`, signature: base64(mark) };
  expect(await program.call(call)).toEqual([{ hook: "verified", holds: true }]);
  expect(await program.call({ ...call, text: `${head}.` })).toEqual([{ hook: "verified", holds: false }]);
  expect(await program.call({ ...call, key: base64("A".repeat(43)) })).toEqual([{ hook: "verified", holds: false }]);
});

type Reconnect = { readonly name: string; readonly ended: readonly object[]; readonly boundsMs: readonly number[] };

test.each(read("reconnect") as Reconnect[])(
  "the wait before the next connection is drawn from a bound $name [E2, E2.2, F5.1]",
  async ({ ended, boundsMs }) => {
    const told = await program.call({ do: "wait", ended });
    expect(told.map(({ boundMs }) => boundMs)).toEqual(boundsMs);
  },
);

test("a connection on which nothing comes for 80 s is lost, which is found once, and whatever comes keeps it [E12]", async () => {
  const isOver = async (at: number) => (await program.call({ do: "silence", at })).map(({ isOver: over }) => over);
  expect([await isOver(0), await isOver(79_999)]).toEqual([[false], [false]]);
  await program.call({ do: "heard" });
  expect([await isOver(80_000), await isOver(159_999)]).toEqual([[false], [false]]);
  expect([await isOver(160_000), await isOver(160_020)]).toEqual([[true], [false]]);
});
