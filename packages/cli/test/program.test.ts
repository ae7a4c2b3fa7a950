import { createIdentity } from "@tether/local/identity/identity";
import { describe, expect, test } from "vitest";
import { exits } from "../src/exit.ts";
import { program } from "../src/program.ts";

const noon = Date.UTC(2026, 5, 1, 12);
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signature = "c2lnbmF0dXJl";
const tokenOf = (claims: object) => `${part({ alg: "RS256" })}.${part(claims)}.${signature}`;

async function inspect(argv: string[], { input = "", now = noon } = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const streams = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await program({ argv: ["token", "inspect", ...argv], clock: { now: () => now }, input: async () => input, streams });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const living = (minutes: number, more: object = {}) =>
  tokenOf({ iss: "https://pool.example", sub: "u1", token_use: "access", iat: noon / 1000, exp: noon / 1000 + minutes * 60, ...more });

describe("a token's life", () => {
  test.each(["access", "id"] as const)("is as configured for an %s token of the local provider", async (use) => {
    const identity = await createIdentity({
      issuer: "http://127.0.0.1:1/identity",
      clock: { now: () => noon },
      redirectUris: [],
      log: () => {},
    });
    const { accessToken, idToken } = await identity.tokensFor("owner@tether.local");
    const { code, out } = await inspect(["--json", "-"], { input: `${use === "id" ? idToken : accessToken}\n` });
    expect(JSON.parse(out)).toMatchObject({
      exit: 0,
      issuer: "http://127.0.0.1:1/identity",
      use,
      issuedAt: noon,
      lifetimeMinutes: 240,
      remainingMinutes: 240,
      verdict: "as configured",
    });
    expect(code).toBe(exits.fine.code);
  });

  test.each([
    [239 + 59 / 60, "shorter", 1],
    [240, "as configured", 0],
    [240 + 1 / 60, "longer", 1],
  ])("of %d min is %s", async (minutes, verdict, exit) => {
    const { code, out } = await inspect([living(minutes), "--json"]);
    expect([code, JSON.parse(out).verdict]).toEqual([exit, verdict]);
  });

  test("of an hour is said to be three hours shorter than is configured", async () => {
    const { code, out } = await inspect([living(60)], { now: noon + 18 * 60_000 });
    expect(code).toBe(exits.differs.code);
    expect(out).toContain("The token lives 60 min: 180 min shorter than the 240 min that are configured.");
    expect(out).toMatch(/Remaining +42 min/);
  });

  test("may be compared with another one, and may be over", async () => {
    const { code, out } = await inspect([living(60), "--expect", "60"], { now: noon + 90 * 60_000 });
    expect(code).toBe(exits.fine.code);
    expect(out).toContain("none, it is over since 30 min");
  });
});

describe("what is no token", () => {
  test.each(["", "abc", "a.b", "a.b.c", tokenOf({ sub: "x" }), tokenOf([]), `${part({})}.${part(1)}.x`, living(1e300)])(
    "is refused without being quoted: %s",
    async (token) => {
      const { code, out, err } = await inspect(["-"], { input: token });
      expect([code, out]).toEqual([exits.usage.code, ""]);
      expect(err).toContain("That is no token");
      if (token !== "") expect(err).not.toContain(token);
    },
  );
});

test("neither a token nor its signature is ever printed, whatever is wrong with the command line", async () => {
  const token = living(60);
  const lines = [
    [token],
    [token, "--json"],
    [token, token],
    [`--${token}`],
    ["--expect", token, token],
    [`--token=${token}`],
    ["-x", token],
  ];
  for (const argv of lines) {
    const { out, err } = await inspect(argv);
    for (const secret of [signature, ...token.split(".")]) expect(`${out}${err}`).not.toContain(secret);
  }
});

test("help is given when asked for", async () => {
  const { code, out } = await inspect(["--help"]);
  expect([code, out.split("\n")[0]]).toEqual([0, "Usage: tether token inspect [TOKEN|-] [options]"]);
});
