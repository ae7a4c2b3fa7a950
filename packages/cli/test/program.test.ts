import { createIdentity } from "@tether/local/identity/identity";
import { describe, expect, test } from "vitest";
import { commands } from "../src/command/all.ts";
import { exits } from "../src/exit.ts";
import { terminal } from "./rig.ts";

const noon = Date.UTC(2026, 5, 1, 12);
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signature = "c2lnbmF0dXJl";
const tokenOf = (claims: object) => `${part({ alg: "RS256" })}.${part(claims)}.${signature}`;

function inspect(argv: string[], { input = "", now = noon } = {}) {
  const { tether } = terminal({ clock: { now: () => now, after: () => () => {} }, input: async () => input });
  return tether(["token", "inspect", ...argv]);
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
    expect(code).toBe(exits.done.code);
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
    expect(code).toBe(exits.done.code);
    expect(out).toContain("none, it expired 30 min ago");
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

describe("help", () => {
  test("is given on a command when asked for", async () => {
    const { code, out } = await inspect(["--help"]);
    expect([code, out.split("\n")[0]]).toEqual([0, "Usage: tether token inspect [TOKEN|-] [options]"]);
    expect(out).toContain("--expect MINUTES");
  });

  test("names every command, and every exit code with what it means", async () => {
    const { code, out } = await terminal().tether(["--help"]);
    expect(code).toBe(0);
    for (const { words, says } of commands) expect(out).toMatch(new RegExp(`^  ${words}\\b.* ${says}$`, "m"));
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(140);
    for (const exit of Object.values(exits)) expect(out).toContain(`  ${exit.code}  ${exit.says}`);
  });
});

describe("a command line that is wrong", () => {
  test.each([
    [[], "The command is missing."],
    [["robot"], "The command is unknown.\n  Write one of: tether robot list, tether robot create, "],
    [["robot", "fly", "Rover"], "The command is unknown.\n  Write one of: tether robot list, "],
    [["robots", "list"], "The command is unknown.\n  Did you mean tether robot list?"],
    [["robot", "shwo", "Rover"], "The command is unknown.\n  Did you mean tether robot show?"],
    [["signin"], "The command is unknown.\n  Did you mean tether sign-in?"],
    [["fly"], "The command is unknown.\n  See tether --help."],
    [["why", "Rover", "--folow"], "An option is unknown, or its value is missing.\n  Did you mean --follow? See tether --help."],
    [["robot", "create"], "An argument is missing.\n  Write: tether robot create NAME"],
    [["robot", "list", "Rover"], "There are too many arguments.\n  Write: tether robot list"],
    [["robot", "list", "--force"], "This command does not take that option."],
    [["key", "revoke", "Rover", "k"], "That is no id of a key."],
    [["session", "end", "Rover", "s"], "That is no id of a session."],
    [["access", "assign", "Rover", "ada", "owner"], "WHO is not a person that access can be given to."],
    [["access", "assign", "Rover", "ada@example.org", "king"], "There is no such role.\n  Roles: viewer, operator, owner."],
    [["robot", "set", "Rover"], "There is nothing to set."],
    [["robot", "set", "Rover", "--deadman", "199"], "What --deadman says cannot be set.\n  Its bounds: tether robot set --help"],
    [["robot", "set", "Rover", "--max-age", "soon", "--takers", "viewer"], "What --max-age and --takers says cannot be set."],
    [["robot", "set", "Rover", "--robot-grace="], "What --robot-grace says cannot be set."],
    [["why", "Rover", "--since", "2 h"], "--since takes a time"],
    [["sign-in", "--port", "70000", "http://127.0.0.1:1"], "--port takes a number"],
    [["sign-in"], "No service to sign in to."],
    [["--what"], "An option is unknown"],
  ])("is refused before anything is asked: %j", async (argv, says) => {
    const fetch = () => Promise.reject(new Error("asked"));
    const { code, out, err } = await terminal({ fetch }).tether(argv);
    expect([code, out]).toEqual([exits.usage.code, ""]);
    expect(err).toContain(says);
    const json = await terminal({ fetch }).tether([...argv, "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({ exit: exits.usage.code, says: expect.any(String), remedy: expect.any(String) });
  });
});
