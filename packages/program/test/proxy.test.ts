import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isProxied } from "../src/proxy.ts";
import { createSocket } from "../src/socket.ts";

/** A proxy that lets nobody through, and writes down where they wanted to. */
async function refusingProxy() {
  const wanted: string[] = [];
  const server = createServer();
  server.on("connect", (request, socket) => {
    wanted.push(request.url ?? "");
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { server, wanted, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function closed(variables: Record<string, string>, url = "wss://broker.invalid/x"): Promise<unknown> {
  const socket = createSocket(variables)(url, ["tether.v1"]);
  return new Promise((resolve) => {
    socket.onclose = resolve;
  });
}

test.each(["HTTPS_PROXY", "https_proxy"])("a socket goes by way of the proxy that %s names", async (name) => {
  const proxy = await refusingProxy();
  await closed({ [name]: proxy.url });
  expect(proxy.wanted).toEqual(["broker.invalid:443"]);
});

test("a socket to what NO_PROXY names does not, nor does any without a proxy", async () => {
  const proxy = await refusingProxy();
  await closed({ HTTPS_PROXY: proxy.url, NO_PROXY: "broker.invalid" });
  await closed({});
  expect(proxy.wanted).toEqual([]);
});

const main = (name: string) => new URL(`../../${name}/src/main.ts`, import.meta.url).pathname;

test.each([
  ["tether", [main("cli"), "sign-in", "https://api.invalid", "--json"]],
  ["tether-robot", [main("agent"), "enroll", "https://api.invalid", "0".repeat(28), "--json"]],
])("%s asks the API by way of the proxy, and says that the proxy refused", async (_, args) => {
  const proxy = await refusingProxy();
  const home = mkdtempSync(join(tmpdir(), "tether-proxy-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const env = { PATH: process.env.PATH, HOME: home, XDG_STATE_HOME: home, HTTPS_PROXY: proxy.url };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  await once(child, "close");
  expect(proxy.wanted).toContain("api.invalid:443");
  expect(out).toContain('"code":"network.proxy"');
});

test.each([
  ["https://api.example.org", {}, false],
  ["https://api.example.org", { HTTPS_PROXY: "http://p" }, true],
  ["https://api.example.org", { https_proxy: "http://p" }, true],
  ["https://api.example.org", { HTTP_PROXY: "http://p" }, false],
  ["http://127.0.0.1:4400", { HTTP_PROXY: "http://p" }, true],
  ["https://api.example.org", { HTTPS_PROXY: "http://p", NO_PROXY: "other.org, api.example.org" }, false],
  ["https://api.example.org", { HTTPS_PROXY: "http://p", NO_PROXY: "example.org" }, true],
  ["https://api.example.org", { HTTPS_PROXY: "http://p", NO_PROXY: ".example.org" }, false],
  ["https://api.example.org", { HTTPS_PROXY: "http://p", no_proxy: "*.EXAMPLE.org" }, false],
  ["https://api.example.org", { HTTPS_PROXY: "http://p", NO_PROXY: "*" }, false],
  ["https://api.example.org", { HTTPS_PROXY: "http://p", NO_PROXY: "api.example.org:443" }, false],
  ["https://api.example.org", { HTTPS_PROXY: "http://p", NO_PROXY: "api.example.org:8443" }, true],
] as const)("a request to %s in the environment %j goes by way of a proxy: %s", (url, variables, is) => {
  expect(isProxied(variables, url)).toBe(is);
});

test.each([
  ["tether", [main("cli"), "sign-in", "https://api.invalid", "--json"]],
  ["tether-robot", [main("agent"), "enroll", "https://api.invalid", "0".repeat(28), "--json"]],
])("%s names a proxy that is dead as the one that failed, not the service", async (_, args) => {
  const { server, url } = await refusingProxy();
  await new Promise((resolve) => server.close(resolve));
  const home = mkdtempSync(join(tmpdir(), "tether-proxy-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const env = { PATH: process.env.PATH, HOME: home, XDG_STATE_HOME: home, HTTPS_PROXY: url };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  await once(child, "close");
  expect(JSON.parse(out)).toMatchObject({
    code: "network.refused",
    says: expect.stringMatching(/^The proxy /),
    remedy: "Check HTTPS_PROXY.",
  });
});
