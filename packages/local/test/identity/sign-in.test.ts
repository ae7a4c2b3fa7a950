import { once } from "node:events";
import { connect } from "node:net";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterEach, expect, test, vi } from "vitest";
import type { LogLine } from "../../src/gateway/log.ts";
import { password } from "../../src/identity/user.ts";
import { createBrowser } from "./browser.ts";
import { createVerifier, redirectUri, start } from "./rig.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const minutes240 = 240 * 60;

test("a sign-in by code and PKCE gives tokens of Cognito's shape that live 240 minutes", async () => {
  await using rig = await start();
  const { body, status } = await rig.redeem((await rig.signIn("admin@tether.local")).get("code"));
  const [access, id] = [decodeJwt(body.access_token), decodeJwt(body.id_token)];
  const admin = rig.identity.users.find(({ email }) => email === "admin@tether.local");
  expect(status).toBe(200);
  expect(body.expires_in).toBe(minutes240);
  expect(access).toMatchObject({
    iss: rig.identity.issuer,
    sub: admin?.sub,
    token_use: "access",
    client_id: rig.identity.clientId,
    username: admin?.sub,
    "cognito:groups": ["admins"],
    scope: "openid email profile",
  });
  expect(id).toMatchObject({
    iss: rig.identity.issuer,
    aud: rig.identity.clientId,
    sub: admin?.sub,
    token_use: "id",
    "cognito:username": admin?.sub,
    "cognito:groups": ["admins"],
    email: "admin@tether.local",
    email_verified: true,
    name: "Ada Admin",
  });
  expect((access.exp ?? 0) - (access.iat ?? 0)).toBe(minutes240);
  expect((id.exp ?? 0) - (id.iat ?? 0)).toBe(minutes240);
  expect(decodeProtectedHeader(body.access_token).alg).toBe("RS256");
});

test("a signed-in user's tokens verify by the keys the issuer publishes", async () => {
  await using rig = await start();
  const tokens = await rig.tokensOf("viewer@tether.local");
  const verifier = createVerifier(rig.identity);
  expect((await verifier.verify(tokens.access_token)).sub).toBe(decodeJwt(tokens.id_token).sub);
  expect(await verifier.verify(tokens.id_token)).not.toHaveProperty("cognito:groups");
});

test("an access token is dated by the clock that was given", async () => {
  const at = Date.UTC(2031, 0, 1);
  await using rig = await start({ clock: { now: () => at } });
  const { access_token } = await rig.tokensOf("viewer@tether.local");
  expect(decodeJwt(access_token)).toMatchObject({ iat: at / 1000, exp: at / 1000 + minutes240 });
});

test("a refresh token is good once, and its second use ends what it gave", async () => {
  await using rig = await start();
  const first = await rig.tokensOf("operator@tether.local");
  const second = await rig.refresh(first.refresh_token);
  expect(second.status).toBe(200);
  expect(decodeJwt(second.body.access_token)).toMatchObject({ token_use: "access", sub: decodeJwt(first.id_token).sub });
  expect(second.body.refresh_token).not.toBe(first.refresh_token);
  expect((await rig.refresh(first.refresh_token)).body.error).toBe("invalid_grant");
  expect((await rig.refresh(second.body.refresh_token)).body.error).toBe("invalid_grant");
});

test("a wrong password is said on the page, and the right one still gets in", async () => {
  await using rig = await start();
  const browser = createBrowser();
  const begun = await browser.get(rig.authorizeUrl());
  const page = new URL(begun.headers.get("location") ?? "", rig.origin).href;
  const wrong = await browser.post(page, { email: "owner@tether.local", password: "teather" });
  const text = await wrong.text();
  expect(wrong.status).toBe(422);
  expect(text).toContain(`<p role="alert" id="wrong">That e-mail address and password do not belong together.`);
  expect(text).toContain(`value="owner@tether.local"`);
  expect(text).not.toContain("teather");
  const right = await browser.follow(await browser.post(page, { email: "Owner@tether.local ", password }), rig.origin);
  expect(right.headers.get("location")).toContain(`${redirectUri}?code=`);
});

test("who is signed in already gets a code without a form, unless the application asks for one", async () => {
  await using rig = await start();
  const browser = createBrowser();
  await rig.signIn("owner@tether.local", browser);
  const again = await browser.follow(await browser.get(rig.authorizeUrl()), rig.origin);
  expect(again.headers.get("location")).toContain(`${redirectUri}?code=`);
  const asked = await browser.follow(await browser.get(rig.authorizeUrl({ prompt: "login" })), rig.origin);
  expect(await asked.text()).toContain("<form");
  const consented = await browser.follow(await browser.get(rig.authorizeUrl({ prompt: "consent" })), rig.origin);
  expect(consented.headers.get("location")).toContain(`${redirectUri}?code=`);
});

test("signing out ends the session and its refresh token, and leads back to the application", async () => {
  await using rig = await start();
  const browser = createBrowser();
  const { body } = await rig.redeem((await rig.signIn("owner@tether.local", browser)).get("code"));
  const leave = { id_token_hint: body.id_token, post_logout_redirect_uri: "http://localhost:5173/" };
  const page = await browser.get(`${rig.endpoint("session/end")}?${new URLSearchParams(leave)}`);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? "";
  const left = await browser.post(rig.endpoint("session/end/confirm"), { xsrf, logout: "yes" });
  expect(left.headers.get("location")).toBe("http://localhost:5173/");
  expect((await rig.refresh(body.refresh_token)).body.error).toBe("invalid_grant");
  expect(await (await browser.follow(await browser.get(rig.authorizeUrl()), rig.origin)).text()).toContain("<form");
});

test("an authorization without PKCE is refused", async () => {
  await using rig = await start();
  const url = new URL(rig.authorizeUrl());
  url.searchParams.delete("code_challenge");
  url.searchParams.delete("code_challenge_method");
  const refused = await createBrowser().get(url.href);
  expect(new URL(refused.headers.get("location") ?? "").searchParams.get("error")).toBe("invalid_request");
});

test("a code is good once", async () => {
  await using rig = await start();
  const code = (await rig.signIn("owner@tether.local")).get("code");
  expect((await rig.redeem(code)).status).toBe(200);
  expect((await rig.redeem(code)).body.error).toBe("invalid_grant");
});

test("only the application's own origin may call the token endpoint from a browser", async () => {
  await using rig = await start();
  const { refresh_token } = await rig.tokensOf("owner@tether.local");
  const ask = (origin: string) =>
    fetch(rig.endpoint("token"), {
      method: "POST",
      headers: { origin },
      body: new URLSearchParams({ grant_type: "refresh_token", client_id: rig.identity.clientId, refresh_token }),
    });
  expect((await ask("http://elsewhere.example")).headers.get("access-control-allow-origin")).toBeNull();
  expect((await ask("http://localhost:5173")).headers.get("access-control-allow-origin")).toBe("http://localhost:5173");
});

test("nothing is printed, and the log has codes but no token, code or password", async () => {
  const printed = (["log", "info", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
  await using rig = await start();
  const code = (await rig.signIn("owner@tether.local")).get("code") ?? "";
  const { body } = await rig.redeem(code);
  await rig.redeem(code);
  await rig.refresh("no-such-token");
  await createBrowser().get(rig.authorizeUrl({ redirect_uri: "http://evil.example/" }));
  for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  expect(rig.lines).toContainEqual({ level: "info", event: "identity.refused", code: "invalid_grant" });
  const log = JSON.stringify(rig.lines);
  for (const secret of [code, body.access_token, body.refresh_token, password]) expect(log).not.toContain(secret);
});

test("a request that breaks off is a line in the log, and nothing printed", async () => {
  const printed = vi.spyOn(console, "error");
  let heard = (_line: LogLine) => {};
  const first = new Promise<LogLine>((resolve) => {
    heard = resolve;
  });
  await using rig = await start({ log: (line) => heard(line) });
  const socket = connect(Number(new URL(rig.origin).port), "127.0.0.1");
  const form = "content-type: application/x-www-form-urlencoded\r\ncontent-length: 4000";
  socket.write(`POST /identity/token HTTP/1.1\r\nhost: here\r\n${form}\r\nexpect: 100-continue\r\n\r\n`);
  await once(socket, "data");
  socket.destroy();
  expect(await first).toEqual({ level: "debug", event: "identity.broken", name: "Error" });
  expect(printed).not.toHaveBeenCalled();
});
