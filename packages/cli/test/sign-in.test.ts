import { statSync } from "node:fs";
import { createServer } from "node:http";
import { SignIn } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { platform } from "@tether/sdk/platform";
import { expect, onTestFinished, test } from "vitest";
import { exits } from "../src/exit.ts";
import type { Start } from "../src/program.ts";
import { createRig } from "./rig.ts";
import { visit } from "./visitor.ts";

test("the API tells anyone where users sign in, and nothing else [A9]", async () => {
  const { origin, system } = await createRig();
  const answer = await fetch(`${origin}/v1/sign-in`);
  const told = await answer.json();
  expect(answer.status).toBe(200);
  expect(told).toEqual({ issuer: system.identity.issuer, clientId: system.identity.clientId });
  expect(SignIn.safeParse(told).success).toBe(true);
});

test("a sign-in by the browser is kept for its owner alone to read, and no token is ever printed", async () => {
  const { signIn, tether, kept, file, origin, printed } = await createRig();
  const signedIn = await signIn();
  expect(signedIn).toMatchObject({ code: 0, page: expect.stringContaining("Back to the terminal") });
  expect(signedIn.err).toMatch(/ (http:\/\/127\.0\.0\.1:\d+)\/identity\/auth\?.*response_type=code/);
  expect(signedIn.out).toContain(`Signed in at ${origin} as Olive Owner.`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const before = kept();
  expect(before).toMatchObject({ api: origin, user: { name: "Olive Owner", email: "owner@tether.local" } });

  expect((await tether(["robot", "list"])).out).toContain("None yet");
  const out = await tether(["sign-out"]);
  expect(out).toMatchObject({ code: 0, out: `Signed out of ${origin}.` });
  expect(() => statSync(file)).toThrow("ENOENT");
  expect(await tether(["robot", "list"])).toMatchObject({ code: exits.unsigned.code, err: expect.stringContaining("tether sign-in URL") });
  for (const token of [before.idToken, before.refreshToken]) {
    expect(token.length).toBeGreaterThan(20);
    expect(printed()).not.toContain(token);
  }
});

test("signing out ends the refresh token at the issuer", async () => {
  const { signIn, tether, kept, system } = await createRig();
  await signIn();
  const { refreshToken, clientId } = kept();
  await tether(["sign-out"]);
  const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, client_id: clientId });
  const answer = await fetch(`${system.identity.issuer}/token`, { method: "POST", body });
  expect(await answer.json()).toMatchObject({ error: "invalid_grant" });
});

test("signing out everywhere ends the sign-ins of other terminals too, and forgets this one only once that is done", async () => {
  const { signIn, tether, kept, system, file } = await createRig();
  await signIn();
  const elsewhere = kept();
  await signIn();
  const down = (url: string | URL | Request, init?: RequestInit) =>
    String(url).includes("/users/revoke") ? Promise.reject(new Error("down")) : platform.fetch(String(url), init ?? {});
  expect((await tether(["sign-out", "--everywhere"], { fetch: down as Start["fetch"] })).code).toBe(exits.failed.code);
  expect(kept().idToken).toBeDefined();
  expect(await tether(["sign-out", "--everywhere"])).toMatchObject({ code: 0, out: expect.stringMatching(/everywhere\.$/) });
  expect(() => statSync(file)).toThrow("ENOENT");
  const { refreshToken, clientId, idToken } = elsewhere;
  const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, client_id: clientId });
  expect(await (await fetch(`${system.identity.issuer}/token`, { method: "POST", body })).json()).toMatchObject({ error: "invalid_grant" });
  const me = await fetch(`${system.origin}/v1/users/me`, { headers: { authorization: `Bearer ${idToken}` } });
  expect(await me.json()).toMatchObject({ code: "auth.expired" });
});

test("without --port the browser comes back to the one address that a user pool knows", async () => {
  const { tether, origin } = await createRig();
  const { port, hostname } = new URL(limits.signIn.redirectUri);
  // Whether this or something else holds it: it is taken.
  const holder = createServer();
  await new Promise<void>((resolve) => {
    holder.once("error", () => resolve());
    holder.listen(Number(port), "127.0.0.1", resolve);
  });
  onTestFinished(() => void holder.close());
  expect(hostname).toBe("localhost");
  expect((await tether(["sign-in", origin])).err).toContain(`Port ${port} on this machine`);
});

test("the local sign-in page lets its form lead back to the program", async () => {
  const { tether, origin } = await createRig();
  let policy: Promise<string | null> | undefined;
  const open = (url: string) => {
    policy = fetch(url).then(async (page: Response) => {
      await visit(url, "owner@tether.local");
      return page.headers.get("content-security-policy");
    });
  };
  await tether(["sign-in", origin, "--port", "0"], { open });
  expect(await policy).toMatch(/form-action [^;]*http:\/\/localhost:\*/);
});
