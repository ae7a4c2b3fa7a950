import { statSync } from "node:fs";
import { createServer } from "node:http";
import { platform } from "@tether/sdk/platform";
import { expect, onTestFinished, test } from "vitest";
import { exits } from "../src/exit.ts";
import { createRig } from "./rig.ts";
import { visitHalfWay } from "./visitor.ts";

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

test.each(["http://robots.example", "ftp://127.0.0.1", "robots.example", "127.0.0.1:4400", "javascript:alert(1)"])(
  "no token is sent to %s",
  async (url) => {
    const { tether } = await createRig();
    expect(await tether(["sign-in", url])).toMatchObject({
      code: exits.usage.code,
      err: expect.stringContaining("https://HOST, or http://127.0.0.1:PORT"),
    });
  },
);

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
