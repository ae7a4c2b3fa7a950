import { password } from "@tether/local/identity/user";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn } from "./browser.ts";
import { type Running, startConsole } from "./rig.ts";
import { openTab } from "./tab.ts";

const minute = 60_000;

let running: Running;
let system: Running["system"];

beforeAll(async () => {
  running = await startConsole({ clock: "virtual" });
  ({ system } = running);
});

afterAll(() => running?.stop());

/** A signed-in tab on Rover's page, whose clock can be sent ahead with the system's. */
async function openRover(who: string) {
  const { page, wrong } = await openTab(running.browser);
  await page.clock.install({ time: system.env.clock.now() });
  await signIn(page, system.origin, who, password);
  await page.getByRole("link", { name: "Rover" }).click();
  await page.getByRole("region", { name: "Picture" }).waitFor();
  return { page, wrong };
}

/** Time passes at the service, and in the page at one stroke, as for a laptop that slept. */
async function pass(page: Page, ms: number): Promise<void> {
  await fetch(`${system.origin}/local/clock`, { method: "POST", body: JSON.stringify({ aheadMs: ms }) });
  await page.clock.fastForward(ms);
}

const isRenewal = ({ url }: { url: string }) => url.endsWith("/identity/token");

test("a token is renewed five minutes before its end, without a word", async () => {
  const { page, wrong } = await openRover("viewer");
  const asked: string[] = [];
  page.on("request", (request) => isRenewal({ url: request.url() }) && asked.push(request.url()));
  await pass(page, 234 * minute);
  await page.waitForResponse((response) => response.url().includes("/timeline") && response.ok());
  expect(asked).toEqual([]);
  const renewed = page.waitForResponse((response) => isRenewal({ url: response.url() }) && response.ok());
  await pass(page, 2 * minute);
  await renewed;
  await pass(page, 30 * minute);
  await page.waitForResponse((response) => response.url().includes("/timeline") && response.ok());
  expect([asked.length, await page.getByRole("heading", { name: "Rover" }).isVisible(), wrong]).toEqual([1, true, []]);
});

test("a network that is away when the token should be renewed, and beyond its end, signs nobody out", async () => {
  const { page } = await openRover("viewer");
  await page.context().setOffline(true);
  await pass(page, 300 * minute);
  await page.getByText("The service could not be reached.").first().waitFor();
  expect(await page.getByRole("heading", { name: "Rover" }).isVisible()).toBe(true);
  expect(await page.getByRole("region", { name: "Picture" }).isVisible()).toBe(true);
  await page.context().setOffline(false);
  const renewed = page.waitForResponse((response) => isRenewal({ url: response.url() }) && response.ok());
  await pass(page, minute);
  await renewed;
  await page.getByText("The service could not be reached.").first().waitFor({ state: "detached" });
  expect(await page.getByRole("heading", { name: "Rover" }).isVisible()).toBe(true);
});

test("a token that the service takes no more is renewed without a word", async () => {
  const { page } = await openRover("operator");
  const me = system.identity.users.find(({ email }) => email.startsWith("operator"));
  const revokedBefore = system.env.clock.now() + 1_000;
  await system.store.entities.accessPolicy.put({ userId: me?.sub ?? "", revokedBefore }).go();
  const renewed = page.waitForResponse((response) => isRenewal({ url: response.url() }) && response.ok());
  await pass(page, 5_000);
  await renewed;
  await page.waitForResponse((response) => response.url().includes("/timeline") && response.ok());
  expect(await page.getByRole("region", { name: "Picture" }).isVisible()).toBe(true);
});

test("signing out everywhere signs out another browser too, which asks who it is", async () => {
  const [{ page: here }, { page: there }] = [await openRover("operator"), await openRover("operator")];
  await here.getByRole("link", { name: "Oscar Operator" }).click();
  await here.getByRole("button", { name: "Sign out everywhere" }).click();
  await here.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await pass(there, 5_000);
  await there.getByText("You were signed out.", { exact: false }).waitFor();
  expect(await there.evaluate(() => sessionStorage.length)).toBe(0);
  await there.getByRole("button", { name: "Sign in" }).click();
  await there.getByLabel("E-mail address").fill("operator@tether.local");
  await there.getByLabel("Password").fill(password);
  await there.getByRole("button", { name: "Sign in" }).click();
  await there.getByRole("heading", { name: "Rover" }).waitFor();
});

test("where the sign-ins are another's to end, who signs out everywhere is told where to go", async () => {
  const { page } = await openRover("viewer");
  await page.route("**/users/revoke?*", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), signIns: "kept" } });
  });
  await page.getByRole("link", { name: "Vera Viewer" }).click();
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByText("is not for Tether to end: sign out there too", { exact: false }).waitFor();
});

test("at a user pool one leaves by the pool's own page, which is handed no token", async () => {
  const { page } = await openTab(running.browser);
  const logout = "https://pool.example/logout";
  await page.route("**/config.json", async (route) => {
    const response = await route.fetch();
    const config = await response.json();
    await route.fulfill({ response, json: { ...config, identity: { ...config.identity, logout } } });
  });
  await page.route(`${logout}**`, (route) => route.fulfill({ body: "bye" }));
  await signIn(page, system.origin, "viewer", password);
  await page.getByRole("link", { name: "Vera Viewer" }).click();
  const left = page.waitForRequest((request) => request.url().startsWith(logout));
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  const { searchParams } = new URL((await left).url());
  expect(Object.fromEntries(searchParams)).toEqual({ client_id: "tether-console", logout_uri: `${system.origin}/` });
});
