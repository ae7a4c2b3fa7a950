import { platform } from "@tether/sdk/platform";
import { expect, test } from "vitest";
import { exits } from "../src/exit.ts";
import type { Start } from "../src/program.ts";
import { createRig } from "./rig.ts";
import { visitHalfWay } from "./visitor.ts";

/** The answers of a terminal, one a question; after them there is none. */
function typing(lines: (() => string | Promise<string>)[]): Pick<Start, "readLine"> {
  const left = [...lines];
  return { readLine: async () => left.shift()?.() };
}

test("over SSH the address at which the browser ended is pasted; one of another sign-in, or none at all, is asked for again", async () => {
  const { tether, origin, kept, printed } = await createRig();
  let url = "";
  let answer = "";
  const terminal = typing([
    () => "what is this",
    () => "http://localhost:4499/callback?code=guessed&state=of-another",
    () => "",
    async () => {
      answer = String(await visitHalfWay(url, "owner@tether.local"));
      return `  ${answer}\n`;
    },
  ]);
  const opened = {
    open(to: string) {
      url = to;
    },
  };
  const { code, out, err } = await tether(["sign-in", origin, "--port", "0"], { ...terminal, ...opened });
  expect([code, out]).toEqual([0, expect.stringContaining("as Olive Owner")]);
  expect(err.match(/That is not the address at which this sign-in ended\./g)).toHaveLength(2);
  const secret = new URL(answer).searchParams.get("code") ?? "";
  expect(secret.length).toBeGreaterThan(10);
  for (const token of [secret, kept().idToken]) expect(printed()).not.toContain(token);
});

/** The local issuer as one that gives codes for other devices (RFC 8628), which answers the token request so many times that nobody signed in yet. */
function withDevices(
  { system }: Awaited<ReturnType<typeof createRig>>,
  { pending = 0, refusal, address }: { pending?: number; refusal?: string; address?: string } = {},
): Pick<Start, "fetch"> {
  const { issuer } = system.identity;
  let left = pending;
  return {
    async fetch(url, init) {
      if (url.startsWith(`${issuer}/.well-known/openid-configuration`)) {
        const metadata = (await (await platform.fetch(url, init)).json()) as object;
        return Response.json({ ...metadata, device_authorization_endpoint: `${issuer}/device` });
      }
      if (url === `${issuer}/device`) {
        const verification = address ?? "https://id.example/device";
        return Response.json({ device_code: "d", user_code: "WDJB-MJHT", verification_uri: verification, expires_in: 60, interval: 0.01 });
      }
      const form = new URLSearchParams(String(init.body ?? ""));
      if (form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:device_code") return platform.fetch(url, init);
      expect(form.get("device_code")).toBe("d");
      if (left-- > 0) return Response.json({ error: "authorization_pending" }, { status: 400 });
      if (refusal) return Response.json({ error: refusal }, { status: 400 });
      const { idToken } = await system.identity.tokensFor("owner@tether.local");
      return Response.json({ access_token: "a", token_type: "Bearer", id_token: idToken, refresh_token: "r" });
    },
  };
}

test("by a code on another device, where the issuer gives one: it is shown, waited for, and no token is printed", async () => {
  const rig = await createRig();
  const { code, out, err } = await rig.tether(["sign-in", rig.origin, "--device"], withDevices(rig, { pending: 2 }));
  expect([code, out]).toEqual([0, expect.stringContaining("as Olive Owner")]);
  expect(err).toContain("https://id.example/device");
  expect(err).toContain("type in the code WDJB-MJHT");
  expect(rig.kept()).toMatchObject({ refreshToken: "r" });
  expect(rig.printed()).not.toContain(rig.kept().idToken);
});

test.each([
  ["expired_token", "sign-in.lapsed"],
  ["access_denied", "sign-in.refused"],
])("a code that is answered %s ends the sign-in as %s", async (refusal, told) => {
  const rig = await createRig();
  const { code, out } = await rig.tether(["sign-in", rig.origin, "--device", "--json"], withDevices(rig, { refusal }));
  expect(code).not.toBe(0);
  expect(JSON.parse(out.split("\n").at(-1) ?? "")).toMatchObject({ code: told });
});

test("an issuer that sends users to an unsafe address is not gone to", async () => {
  const rig = await createRig();
  const { code, err } = await rig.tether(["sign-in", rig.origin, "--device"], withDevices(rig, { address: "http://id.example/device" }));
  expect(code).toBe(exits.refused.code);
  expect(err).not.toContain("WDJB-MJHT");
});

test("an issuer without such codes is said to have none, with the other way", async () => {
  const { tether, origin } = await createRig();
  const { code, err } = await tether(["sign-in", origin, "--device"]);
  expect(code).toBe(exits.refused.code);
  expect(err).toContain("tether sign-in --no-open");
});
