import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { createSetup } from "../src/setup.ts";
import { makeKeyPair } from "../src/simulated/robot.ts";
import { type LocalOptions, startLocal } from "../src/start.ts";
import { createKeyHolder } from "./world/world.ts";

let parent = "";
let dataDir = "";
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "tether-start-"));
  dataDir = join(parent, "data");
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

async function start(options: Partial<LocalOptions> = {}) {
  const system = await startLocal({ port: 0, log: () => {}, ...options });
  onTestFinished(() => system.stop());
  return system;
}

type Local = Awaited<ReturnType<typeof start>>;

/** Connects one new robot, without hello, and tells which id the gateway gave it. */
async function connectionIdOf(system: Local): Promise<string> {
  const token = (await system.identity.tokensFor("owner@tether.local")).idToken;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const post = async (path: string, body: object) =>
    (await fetch(`${system.origin}/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json();
  const { id } = await post("/robots", { name: "Rover" });
  const robot = createKeyHolder(id, system.origin, { now: () => Date.now() });
  await post(`/robots/${id}/credentials`, { publicKey: robot.publicKey });
  const { ticket } = await post("/tickets/robot", { assertion: robot.assertion() });
  const socket = new WebSocket(system.brokerUrl, ["tether.v1", `ticket.${ticket}`]);
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return system.gateway.connections.list()[0]?.connectionId ?? "";
}

/** The processes that this one has started and that have not ended. */
const children = () => process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
const listeners = () => process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length;

describe("the system on its data", () => {
  test("gives no connection an id that one before the restart had", async () => {
    const first = await start({ dataDir });
    const before = await connectionIdOf(first);
    await first.stop();
    const after = await connectionIdOf(await start({ dataDir }));
    expect(before).not.toBe("");
    expect(after).not.toBe(before);
  });

  test("is one run's at a time: a second one is refused, says so, and leaves the first alone", async () => {
    const first = await start({ dataDir });
    await expect(startLocal({ port: 0, log: () => {}, dataDir })).rejects.toThrow(/Another run uses .*data\. End that one first/);
    expect(await connectionIdOf(first)).not.toBe("");
    await first.stop();
    await expect(start({ dataDir })).resolves.toBeDefined();
  });

  test("keeps all of it from others", async () => {
    await start({ dataDir });
    const modes = readdirSync(dataDir).map((name) => [name, statSync(join(dataDir, name)).mode & 0o077]);
    expect(modes.length).toBeGreaterThan(4);
    expect(modes.filter(([, mode]) => mode !== 0)).toEqual([]);
    expect(statSync(dataDir).mode & 0o077).toBe(0);
  });

  test.each(["ticket-ring", "control-keys", "identity-keys"])("does not start on a damaged %s, and names the file", async (name) => {
    await (await start({ dataDir })).stop();
    writeFileSync(join(dataDir, `${name}.json`), '"local:short"');
    await expect(startLocal({ port: 0, log: () => {}, dataDir })).rejects.toThrow(`${join(dataDir, name)}.json is damaged`);
    await expect.poll(children, { timeout: 20_000 }).toBe(0);
    await expect.poll(listeners, { timeout: 20_000 }).toBe(0);
  });

  test("does not start on a damaged table, and names the file", async () => {
    await (await start({ dataDir })).stop();
    // The journal would make the database whole again.
    for (const journal of ["-wal", "-shm"]) rmSync(join(dataDir, `dynamodb.sqlite${journal}`), { force: true });
    writeFileSync(join(dataDir, "dynamodb.sqlite"), "this is no database, and long enough to be seen as none ".repeat(100));
    await expect(startLocal({ port: 0, log: () => {}, dataDir })).rejects.toThrow(join(dataDir, "dynamodb.sqlite"));
    await expect.poll(children, { timeout: 20_000 }).toBe(0);
    await expect.poll(listeners, { timeout: 20_000 }).toBe(0);
  });
});

describe("the server", () => {
  const ask = ({ origin }: Local, path: string, headers: Record<string, string> = {}) =>
    new Promise<number | undefined>((resolve, reject) => {
      const { hostname, port } = new URL(origin);
      const asked = request({ host: hostname, port, path, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.once("upgrade", (answer, socket) => {
        socket.destroy();
        resolve(answer.statusCode);
      });
      asked.once("error", reject);
      asked.end();
    });
  const upgrade = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };

  test.each(["//", "///", "/%", "/broker/%", "//broker", "http://[", "*", "/broker?%"])(
    "outlives a request and a handshake for %j",
    async (path) => {
      const system = await start();
      await ask(system, path).catch(() => undefined);
      await ask(system, path, upgrade).catch(() => undefined);
      expect(await ask(system, "/v1/health")).toBe(200);
    },
  );

  test("answers requests for this machine by its own names only, so that no site's page gets in by having its name lead here", async () => {
    const system = await start();
    const { port } = new URL(system.origin);
    const asHost = (host: string) => ask(system, "/v1/health", { host });
    expect(await Promise.all([`127.0.0.1:${port}`, `localhost:${port}`, "localhost:9999"].map(asHost))).toEqual([200, 200, 200]);
    expect(await Promise.all(["evil.example", `127.0.0.1.evil.example:${port}`, "localhost.evil.example"].map(asHost))).toEqual([
      421, 421, 421,
    ]);
    await expect(ask(system, "/broker", { ...upgrade, host: "evil.example" })).rejects.toThrow();
    // By its own name it gets as far as the authorizer, which denies a handshake without a ticket.
    expect(await ask(system, "/broker", upgrade)).toBe(403);
  });

  test("posts to connections for its own broker only", async () => {
    const system = await start();
    const credentials = { accessKeyId: "broker", secretAccessKey: "guessed" };
    const api = new ApiGatewayManagementApiClient({ endpoint: `${system.origin}/broker`, region: "local", credentials, maxAttempts: 1 });
    const posted = api.send(new PostToConnectionCommand({ ConnectionId: "never-was-here=", Data: "x" }));
    await expect(posted).rejects.toMatchObject({ name: "InvalidSignatureException" });
    expect(await system.env.outbox.probe("never-was-here=")).toBe("gone");
  });
});

test("what is set up is set up whatever the cloud does, and the faults are in force again afterwards", async () => {
  const faults = [{ name: "crash", rate: 1 }] as const;
  const system = await start({ faults });
  const { publicKey } = await makeKeyPair();
  expect(await createSetup(system).robot("Rover", publicKey)).toMatch(/^rob_/);
  expect(system.faults.list()).toEqual(faults);
});
