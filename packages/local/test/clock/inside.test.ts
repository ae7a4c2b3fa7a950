import { createServer, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { dialInside } from "../../src/clock/inside.ts";

const server: Server = createServer();
const sockets = new WebSocketServer({ server });
afterEach(() => {
  for (const socket of sockets.clients) socket.terminate();
});

const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.once("close", resolve));

async function open(): Promise<{ client: WebSocket; host: WebSocket; ports: unknown[] }> {
  const accepted = new Promise<{ host: WebSocket; ports: unknown[] }>((resolve) => {
    sockets.once("connection", (host, { socket }) => resolve({ host, ports: [socket.localPort, socket.remotePort] }));
  });
  const client = new WebSocket("ws://127.0.0.1/", { createConnection: dialInside(server) as never });
  await new Promise((resolve) => client.once("open", resolve));
  return { client, ...(await accepted) };
}

test("a socket inside the process carries frames both ways without the server listening anywhere", async () => {
  const { client, host } = await open();
  host.on("message", (data) => host.send(`re ${data}`));
  const answer = new Promise((resolve) => client.once("message", (data) => resolve(String(data))));
  client.send("x");
  expect([await answer, server.listening]).toEqual(["re x", false]);
});

test("each has ports of its own, so that the two ends of one are known for it", async () => {
  const [one, other] = [await open(), await open()];
  expect(one.ports[0]).toBe(other.ports[0]);
  expect(one.ports[1]).not.toBe(other.ports[1]);
});

test.each(["client", "host"] as const)("the other side learns that the %s was cut", async (cut) => {
  const { client, host } = await open();
  const others = closed(cut === "client" ? host : client);
  (cut === "client" ? client : host).terminate();
  expect(await others).toBe(1006);
});

test("a close is answered with its code", async () => {
  const { client, host } = await open();
  const codes = Promise.all([closed(client), closed(host)]);
  host.close(4001);
  expect(await codes).toEqual([4001, 4001]);
});
