import { expect, test } from "vitest";
import { users } from "../../src/identity/user.ts";
import { createBrowser } from "./browser.ts";
import { redirectUri, start } from "./rig.ts";

test("the form has labels, names the seeded people, and takes nothing from elsewhere", async () => {
  await using rig = await start();
  const browser = createBrowser();
  const page = await browser.follow(await browser.get(rig.authorizeUrl({ login_hint: "viewer@tether.local" })), rig.origin);
  const text = await page.text();
  for (const field of ["email", "password"])
    expect(text).toMatch(new RegExp(`<label for="${field}">[^<]+</label>\\s*<input id="${field}" name="${field}"`));
  for (const { email } of users) expect(text).toContain(`<code>${email}</code>`);
  expect(text).toContain(`value="viewer@tether.local"`);
  expect(text).not.toMatch(/<script|<style|style=|https?:/);
  const css = /<link rel="stylesheet" href="([^"]+)">/.exec(text)?.[1] ?? "";
  expect(css).toBe("/identity/sign-in.css");
  expect((await fetch(rig.origin + css)).headers.get("content-type")).toContain("text/css");
});

test("the page's policy allows no script or frame, and its form may lead back to the application only", async () => {
  await using rig = await start();
  const browser = createBrowser();
  const page = await browser.follow(await browser.get(rig.authorizeUrl()), rig.origin);
  const policy = page.headers.get("content-security-policy")?.split("; ");
  expect(policy).toEqual([
    "default-src 'none'",
    "style-src 'self'",
    `form-action 'self' ${new URL(redirectUri).origin}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]);
  expect(page.headers.get("cache-control")).toBe("no-store");
});

test("what is typed comes back as text, never as markup", async () => {
  await using rig = await start();
  const browser = createBrowser();
  const begun = await browser.get(rig.authorizeUrl());
  const page = await browser.post(new URL(begun.headers.get("location") ?? "", rig.origin).href, { email: `"><b>'&`, password: "x" });
  expect(await page.text()).toContain(`value="&quot;&gt;&lt;b&gt;&#39;&amp;"`);
});

test("another browser cannot take up a sign-in, and a form that is too large is refused", async () => {
  await using rig = await start();
  const browser = createBrowser();
  const begun = await browser.get(rig.authorizeUrl());
  const url = new URL(begun.headers.get("location") ?? "", rig.origin).href;
  const stranger = await createBrowser().get(url);
  expect([stranger.status, await stranger.text()]).toEqual([400, expect.stringContaining("begun in another browser")]);
  expect((await browser.post(url, { email: "x".repeat(4_096), password: "x" })).status).toBe(413);
});

test("a refused request and the way out are pages of ours too", async () => {
  await using rig = await start();
  const browser = createBrowser();
  const refused = await browser.get(rig.authorizeUrl({ redirect_uri: "http://evil.example/" }));
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("/identity/sign-in.css")]);
  await rig.signIn("viewer@tether.local", browser);
  const leave = await (await browser.get(rig.endpoint("session/end"))).text();
  expect(leave).toContain(`name="logout" value="yes">Sign out</button>`);
  expect(leave).not.toMatch(/<script|<style|fonts\./);
  expect(await (await browser.get(rig.endpoint("session/end/success"))).text()).toContain("You are signed out.");
});
