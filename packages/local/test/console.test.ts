import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createConsole } from "../src/console.ts";

type Answer = { status: number; headers: Record<string, unknown>; body: string };

/** A server whose only guest is the console; what the console leaves alone is answered 418. */
async function createRig(built: Readonly<Record<string, string>>) {
  const dir = mkdtempSync(join(tmpdir(), "tether-console-"));
  for (const [path, text] of Object.entries(built)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const origin = `http://127.0.0.1:${port}`;
  const identity = { issuer: `${origin}/identity`, clientId: "tether-console" };
  const site = createConsole({ origin, brokerUrl: `ws://127.0.0.1:${port}/broker`, identity: identity as never }, dir);
  server.on("request", (asked, response) => {
    if (!site.handle(asked, response)) response.writeHead(418).end();
  });
  onTestFinished(() => {
    server.close();
    rmSync(dir, { recursive: true });
  });
  /** The path goes out as it is written: `fetch` would tidy it up. */
  const ask = (path: string, { method = "GET", host = `127.0.0.1:${port}` } = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port, path, method, headers: { host } }, (response) => {
        let body = "";
        response.on("data", (part) => {
          body += part;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      });
      asked.on("error", reject);
      asked.end();
    });
  return { ask, origin, port };
}

const built = { "index.html": "<html>console</html>", "assets/app-1.js": "run()", "icon.svg": "<svg/>" };

test("a page's path is answered with the one page, a file's with the file", async () => {
  const { ask } = await createRig(built);
  for (const path of ["/", "/robots/new", "/robots/rob_1/access?x=1"]) expect((await ask(path)).body).toBe(built["index.html"]);
  expect(await ask("/assets/app-1.js")).toMatchObject({
    status: 200,
    body: "run()",
    headers: { "content-type": "text/javascript; charset=utf-8" },
  });
});

test("a folder is answered with its own page, and a document as text that a browser shows", async () => {
  const { ask } = await createRig({ ...built, "documents/index.html": "<html>documents</html>", "documents/SPEC.md": "# Tether" });
  for (const path of ["/documents", "/documents/", "/documents/index.html"])
    expect(await ask(path)).toMatchObject({ body: "<html>documents</html>", headers: { "content-type": "text/html; charset=utf-8" } });
  expect(await ask("/documents/SPEC.md")).toMatchObject({ body: "# Tether", headers: { "content-type": "text/plain; charset=utf-8" } });
});

test("what carries its content in its name is kept by browsers, all else is asked for anew", async () => {
  const { ask } = await createRig(built);
  expect((await ask("/assets/app-1.js")).headers["cache-control"]).toContain("immutable");
  for (const path of ["/", "/config.json", "/icon.svg"]) expect((await ask(path)).headers["cache-control"]).toBe("no-store");
});

test("its policy allows scripts and styles from here alone, nothing inline, and calls to here and the broker", async () => {
  const { ask, port } = await createRig(built);
  const policy = new Map(
    String((await ask("/")).headers["content-security-policy"])
      .split("; ")
      .map((part) => part.split(/ (.*)/s) as [string, string]),
  );
  expect(policy.get("default-src")).toBe("'none'");
  expect([policy.get("script-src"), policy.get("style-src")]).toEqual(["'self'", "'self'"]);
  expect(policy.get("connect-src")).toBe(`'self' ws://127.0.0.1:${port}`);
  expect([...policy.values()].join(" ")).not.toMatch(/unsafe|\*|data:/);
});

test("it is told where the API and the identity provider are", async () => {
  const { ask, origin } = await createRig(built);
  expect(JSON.parse((await ask("/config.json")).body)).toEqual({
    api: origin,
    identity: { issuer: `${origin}/identity`, clientId: "tether-console", scope: "openid email profile", tokenMinutes: 240 },
  });
});

test.each([
  ["the API's", "/v1/robots", "GET"],
  ["a file that is not there", "/assets/other.js", "GET"],
  ["a file outside of it", "/../../package.json", "GET"],
  ["a file outside of it, written otherwise", "/assets/%2e%2e/%2e%2e/secret.json", "GET"],
  ["a write", "/", "POST"],
])("%s is left alone", async (_, path, method) => {
  const { ask } = await createRig(built);
  expect((await ask(path, { method })).status).toBe(418);
});

test("under this machine's other name one is sent to the name that sign-in works under", async () => {
  const { ask, origin, port } = await createRig(built);
  expect(await ask("/robots/new?x=1", { host: `localhost:${port}` })).toMatchObject({
    status: 302,
    headers: { location: `${origin}/robots/new?x=1` },
  });
});

test("without a build it says how to make one", async () => {
  const { ask } = await createRig({});
  expect((await ask("/")).body).toContain("npm run build -w @tether/console");
});
