import { statSync } from "node:fs";
import { createServer } from "node:http";
import { SignIn } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { platform } from "@tether/sdk/platform";
import { expect, onTestFinished, test } from "vitest";
import { exits } from "../src/exit.ts";
import type { Start } from "../src/program.ts";
import { createRig } from "./rig.ts";
import { visit, visitHalfWay } from "./visitor.ts";

const hour = 3_600_000;

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

test("a token that is over is renewed unasked, by two commands at a time as well, and the next day still", async () => {
  const { signIn, json, kept, ahead, tether } = await createRig({ clock: "virtual" });
  await signIn();
  const first = kept();
  await ahead(4 * hour - 90_000);
  await json("robot", "list");
  expect(kept().idToken).toBe(first.idToken);
  await ahead(60_000);
  await Promise.all([json("robot", "list"), json("robot", "list"), json("robot", "list")]);
  const second = kept();
  expect(second.idToken).not.toBe(first.idToken);
  expect(second.refreshToken).not.toBe(first.refreshToken);
  expect(second.expiresAt).toBeGreaterThan(first.expiresAt);
  await ahead(24 * hour);
  expect((await tether(["robot", "list"])).code).toBe(0);
});

test("a token that the service finds over is renewed, though this machine's clock is behind", async () => {
  const { signIn, json, kept, ahead, tether, system } = await createRig({ clock: "virtual" });
  await signIn();
  const { idToken } = kept();
  const begun = system.env.clock.now();
  await ahead(5 * hour);
  const behind = { now: () => begun, after: platform.clock.after };
  expect((await tether(["robot", "list"], { clock: behind })).code).toBe(0);
  expect(kept().idToken).not.toBe(idToken);
  await json("robot", "list");
});

test.each([6, -6])("on a machine whose clock is %d h off, a token that is good is used as it is", async (hours) => {
  const { origin, tether, kept, system } = await createRig();
  const clock = { now: () => platform.clock.now() + hours * hour, after: platform.clock.after };
  let visiting: Promise<unknown> | undefined;
  const open = (url: string) => {
    visiting = visit(url, "owner@tether.local");
  };
  expect((await tether(["sign-in", origin, "--port", "0"], { clock, open })).code).toBe(0);
  await visiting;
  const { idToken } = kept();
  const asked: string[] = [];
  const fetch = (url: string, init: RequestInit) => {
    asked.push(url);
    return platform.fetch(url, init);
  };
  for (let time = 0; time < 3; time++) expect((await tether(["robot", "list"], { clock, fetch })).code).toBe(0);
  expect(kept().idToken).toBe(idToken);
  expect(asked.filter((url) => url.startsWith(system.identity.issuer))).toEqual([]);
});

test("a refresh token that the issuer takes no more ends the sign-in with its own exit code", async () => {
  const { signIn, kept, ahead, tether, system } = await createRig({ clock: "virtual" });
  await signIn();
  const { refreshToken, clientId } = kept();
  await fetch(`${system.identity.issuer}/token/revocation`, {
    method: "POST",
    body: new URLSearchParams({ token: refreshToken, client_id: clientId }),
  });
  await ahead(4 * hour);
  const refused = await tether(["robot", "list"]);
  expect(refused).toMatchObject({ code: exits.unsigned.code, out: "", err: "The sign-in is over.\n  Run: tether sign-in" });
});

test("an answer with another state is turned away and ends nothing; the browser's own is taken", async () => {
  const { tether, origin } = await createRig();
  const seen: number[] = [];
  async function tryAll(url: string): Promise<void> {
    const back: URL = await visitHalfWay(url, "owner@tether.local");
    const forged = new URL(back);
    forged.searchParams.set("state", "guessed");
    const ask = async (to: URL | string, method = "GET") => void seen.push((await fetch(to, { method })).status);
    await ask(forged);
    await ask(new URL("/", back));
    await ask(`${back.origin}//`);
    await ask(back, "POST");
    await ask(back);
  }
  let visiting: Promise<void> | undefined;
  const open = (url: string) => {
    visiting = tryAll(url);
  };
  const signedIn = await tether(["sign-in", origin, "--port", "0"], { open });
  await visiting;
  expect(seen).toEqual([400, 404, 404, 404, 200]);
  expect(signedIn.code).toBe(0);
});

test.each([
  ["an error of the issuer", { error: "access_denied" }, ["code"], "access_denied"],
  ["an error that is no code", { error: "\u001b[2Jhunter" }, ["code"], "an answer without a code"],
])("%s ends the sign-in, and nothing is kept", async (_, set, without, said) => {
  const { tether, origin, file } = await createRig();
  async function comeBack(url: string): Promise<void> {
    const back: URL = await visitHalfWay(url, "owner@tether.local");
    for (const name of without) back.searchParams.delete(name);
    for (const [name, value] of Object.entries(set)) back.searchParams.set(name, value);
    await fetch(back);
  }
  const refused = await tether(["sign-in", origin, "--port", "0"], { open: (url) => void comeBack(url) });
  expect(refused).toMatchObject({ code: exits.refused.code, err: expect.stringContaining(`The issuer refused: ${said}.`) });
  expect(() => statSync(file)).toThrow("ENOENT");
});

test("a code of another issuer is not redeemed", async () => {
  const { tether, origin, file, system } = await createRig();
  async function comeBack(url: string): Promise<void> {
    const back: URL = await visitHalfWay(url, "owner@tether.local");
    back.searchParams.set("iss", "https://evil.example");
    await fetch(back);
  }
  const asked: string[] = [];
  const listening = (url: string, init: RequestInit) => {
    asked.push(url);
    return platform.fetch(url, init);
  };
  const refused = await tether(["sign-in", origin, "--port", "0"], { open: (url) => void comeBack(url), fetch: listening });
  expect(refused).toMatchObject({ code: exits.failed.code, err: expect.stringContaining("was not expected") });
  expect(asked).not.toContain(`${system.identity.issuer}/token`);
  expect(() => statSync(file)).toThrow("ENOENT");
});

test("whoever never comes back is waited for ten minutes", async () => {
  const { tether, origin, ahead } = await createRig({ clock: "virtual" });
  let passing: Promise<unknown> | undefined;
  const open = () => {
    passing = ahead(10 * 60_000);
  };
  const lapsed = await tether(["sign-in", origin, "--port", "0"], { open });
  await passing;
  expect(lapsed).toMatchObject({ code: exits.failed.code, err: expect.stringContaining("Nobody signed in for 10 minutes.") });
});

test("a port that is taken is said, with what to do", async () => {
  const { tether, origin } = await createRig();
  const { port } = new URL(origin);
  const taken = await tether(["sign-in", origin, "--port", port]);
  expect(taken).toMatchObject({ code: exits.failed.code, err: expect.stringMatching(`^Port ${port} .*\n  End that .*--port 0$`) });
});

test.each(["http://robots.example", "ftp://127.0.0.1", "robots.example", "javascript:alert(1)"])("no token is sent to %s", async (url) => {
  const { tether } = await createRig();
  expect(await tether(["sign-in", url])).toMatchObject({ code: exits.usage.code, err: expect.stringContaining("https://") });
});

test("an issuer that is not at safe addresses, or not who it says, is not gone to", async () => {
  const { tether } = await createRig();
  let metadata: object = {};
  let issuer = "";
  const server = createServer((request, response) => {
    const body = request.url === "/v1/sign-in" ? { issuer, clientId: "x" } : metadata;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const api = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  issuer = api;
  const good = { issuer, authorization_endpoint: `${api}/auth`, token_endpoint: `${api}/token` };
  const opened: string[] = [];
  for (const wrong of [
    { ...good, authorization_endpoint: "file:///etc/passwd" },
    { ...good, token_endpoint: "http://elsewhere.example/token" },
    { ...good, issuer: "https://elsewhere.example" },
  ]) {
    metadata = wrong;
    const refused = await tether(["sign-in", api, "--port", "0"], { open: (url) => void opened.push(url) });
    expect(refused.code).toBe(exits.refused.code);
  }
  expect(opened).toEqual([]);
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
