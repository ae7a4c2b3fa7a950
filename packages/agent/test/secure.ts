import { writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { join } from "node:path";
import { startLocal } from "@tether/local/start";
import { onTestFinished } from "vitest";
import { createAuthority } from "../../program/test/certificate.ts";
import { folder } from "./agent-process.ts";
import { ownerOf } from "./service.ts";

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** The whole system behind TLS, at a name of its own, by a certificate of an authority that is known by its file alone. */
export async function startSecureService(name: string) {
  const authority = createAuthority("An authority of the test");
  const file = join(folder(), "authority.pem");
  writeFileSync(file, authority.cert);
  let target = 0;
  const front = https.createServer(authority.issue({ name }));
  const passed = ({ url = "/", method = "GET", headers }: http.IncomingMessage) =>
    http.request({ host: "127.0.0.1", port: target, path: url, method, headers: { ...headers, host: `127.0.0.1:${target}` } });
  front.on("request", (request, response) => {
    const asked = passed(request).once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(asked);
  });
  front.on("upgrade", (request, socket) => {
    const asked = passed(request);
    asked.once("upgrade", ({ statusCode, statusMessage, rawHeaders }, upstream, head) => {
      const lines = rawHeaders.flatMap((value, index) => (index % 2 === 0 ? [`${value}: ${rawHeaders[index + 1]}`] : []));
      socket.write(`HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join("\r\n")}\r\n\r\n`);
      socket.write(head);
      upstream.pipe(socket).pipe(upstream);
      for (const end of [socket, upstream]) end.on("error", () => socket.destroy()).once("close", () => upstream.destroy());
    });
    asked.once("response", () => socket.destroy());
    asked.end();
  });
  const port = await listening(front);
  onTestFinished(() => front.closeAllConnections());
  const origin = `https://${name}:${port}`;
  const system = await startLocal({ port: 0, log: () => {}, publicOrigin: origin });
  onTestFinished(() => system.stop());
  target = Number(new URL(system.origin).port);
  return { system, origin, port, authority: file, ...ownerOf(system) };
}

/** A proxy that connects to the port that it is asked for, on this machine, whatever the name is. With a password it wants that. */
export async function startProxy({ password }: { readonly password?: string } = {}) {
  const wanted: string[] = [];
  const expected = password === undefined ? undefined : `Basic ${Buffer.from(`robot:${password}`).toString("base64")}`;
  const server = http.createServer();
  server.on("connect", ({ url = "", headers }, socket) => {
    socket.on("error", () => {});
    if (expected !== undefined && headers["proxy-authorization"] !== expected) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    wanted.push(url);
    const upstream = connect(Number(url.split(":").at(-1)), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy()).once("close", () => socket.destroy());
    socket.once("close", () => upstream.destroy());
  });
  const port = await listening(server);
  return { wanted, url: `http://${password === undefined ? "" : `robot:${password}@`}127.0.0.1:${port}` };
}
