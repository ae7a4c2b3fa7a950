import { platform } from "@tether/sdk/platform";
import { expect, test } from "vitest";
import { exits } from "../src/exit.ts";
import { createRig } from "./rig.ts";
import { visit } from "./visitor.ts";

const hour = 3_600_000;

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
