import { expect, test } from "vitest";
import { createVerifier } from "../../src/caller/verifier.ts";
import { createIssuer, now } from "./issuer.ts";

const [invalid, unavailable] = [{ problem: "auth.invalid" }, { problem: "unavailable" }];

test.each<[string, () => Response | Promise<Response>]>([
  ["cannot be reached", () => Promise.reject(new TypeError("fetch failed"))],
  ["fails", () => Response.json({ keys: [] }, { status: 500 })],
  ["answers with something else", () => new Response("<html>")],
  ["answers with bytes that are no text", () => new Response(new Uint8Array([0xff, 0xfe]))],
  ["answers without keys", () => Response.json({})],
  ["answers with a key that has no type", () => Response.json({ keys: [{ kid: "key-1" }] })],
  ["answers with a key that is none", () => Response.json({ keys: [{ kty: "EC", crv: "P-256", kid: "key-1", x: "AA", y: "AA" }] })],
])("an issuer that %s makes the answer `unavailable` until it is well [A4]", async (_name, answer) => {
  const issuer = await createIssuer();
  const warned: string[] = [];
  const verifier = createVerifier(issuer.settings, { ...issuer, warn: (error) => warned.push(error) });
  const well = issuer.answer;
  issuer.answer = answer;
  expect(await verifier.verify(await issuer.sign())).toEqual(unavailable);
  expect(warned).toEqual([expect.stringMatching(/Error$/)]);
  expect(await verifier.verify(await issuer.sign())).toEqual(unavailable);
  issuer.answer = well;
  expect(await verifier.verify(await issuer.sign())).toMatchObject({ sub: "u-1" });
});

test("a key of a kind we do not know beside ours does no harm", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  issuer.answer = () => Response.json({ keys: [{ kty: "AKP", kid: "pq", alg: "ML-DSA-44", pub: "AA" }, ...issuer.jwks] });
  expect(await verifier.verify(await issuer.sign())).toMatchObject({ sub: "u-1" });
});

test("keys that are here already go on through an outage; a token of a new key is told to try again", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  const [before, well] = [await issuer.sign(), issuer.answer];
  await verifier.verify(before);
  issuer.answer = () => Promise.reject(new TypeError("fetch failed"));
  await issuer.rotate();
  expect(await verifier.verify(before)).toMatchObject({ sub: "u-1" });
  expect(await verifier.verify(await issuer.sign())).toEqual(unavailable);
  issuer.answer = well;
  expect(await verifier.verify(await issuer.sign())).toMatchObject({ sub: "u-1" });
});

test("a new key is fetched once and tokens of the old one stay good", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  const before = await issuer.sign();
  await verifier.verify(before);
  await issuer.rotate();
  const after = await issuer.sign();
  for (const token of [after, before, after]) expect(await verifier.verify(token)).toMatchObject({ sub: "u-1" });
  expect(issuer.asked).toHaveLength(2);
});

test("tokens that arrive together share one fetch", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  const token = await issuer.sign();
  await Promise.all([1, 2, 3].map(() => verifier.verify(token)));
  expect(issuer.asked).toHaveLength(1);
});

test("a made-up key is looked for once in 10 s, and does not keep a new one from being found", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  const madeUp = await issuer.sign({}, { kid: "made-up" });
  const fetches = async (token: string) => {
    const before = issuer.asked.length;
    return [await verifier.verify(token), issuer.asked.length - before];
  };
  expect(await fetches(madeUp)).toEqual([invalid, 1]);
  expect(await fetches(madeUp)).toEqual([invalid, 0]);
  await issuer.rotate();
  expect(await fetches(await issuer.sign())).toEqual([expect.objectContaining({ sub: "u-1" }), 1]);
  issuer.time.at = now + 9_999;
  expect(await fetches(madeUp)).toEqual([invalid, 0]);
  issuer.time.at = now + 10_000;
  expect(await fetches(madeUp)).toEqual([invalid, 1]);
});

test("after five made-up keys further ones are told to try again, without a fetch, until 10 s are over", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  const verify = async (kid: string) => verifier.verify(await issuer.sign({}, { kid }));
  for (const kid of ["a", "b", "c", "d", "e"]) expect(await verify(kid)).toEqual(invalid);
  expect(await verify("f")).toEqual(unavailable);
  expect(await verify("a")).toEqual(invalid);
  expect(await verify("key-1")).toMatchObject({ sub: "u-1" });
  expect(issuer.asked).toHaveLength(5);
  issuer.time.at = now + 10_000;
  expect(await verify("f")).toEqual(invalid);
  expect(issuer.asked).toHaveLength(6);
});

test("a token that names no key costs no fetch", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  expect(await verifier.verify(await issuer.sign({}, { kid: undefined }))).toEqual(invalid);
  expect(issuer.asked).toEqual([]);
});

test("what fails in here while a token is checked is told as it is, and never that the token is invalid", async () => {
  const issuer = await createIssuer();
  let isBroken = false;
  const clock = {
    now: () => {
      if (isBroken) throw new RangeError("out of memory");
      return now;
    },
  };
  const verifier = createVerifier(issuer.settings, { ...issuer, clock });
  const token = await issuer.sign();
  isBroken = true;
  await expect(verifier.verify(token)).rejects.toThrow(RangeError);
  isBroken = false;
  expect(await verifier.verify("a.b.c")).toEqual(invalid);
});
