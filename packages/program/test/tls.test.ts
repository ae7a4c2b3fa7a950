import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { platform } from "@tether/sdk/platform";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { explainFailures, UnreachableError } from "../src/explain-failure.ts";
import type { Unreachable } from "../src/network.ts";
import { whyUnreachable } from "../src/network.ts";
import { createReach } from "../src/reach.ts";
import { createSocket } from "../src/socket.ts";
import { createAuthority, type Identity } from "./certificate.ts";

const authority = createAuthority("An authority of the test");
const stranger = createAuthority("An authority that nobody knows");
const before = getCACertificates("default");

beforeAll(() => setDefaultCACertificates([...before, authority.cert]));
afterAll(() => setDefaultCACertificates(before));

const year = 365 * 86_400_000;
const inYears = (years: number) => new Date(platform.clock.now() + years * year);

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A server of that certificate, which answers as the API does. */
function serverOf(identity: Identity): Promise<number> {
  return listening(createServer(identity, (_, response) => void response.writeHead(200, { "content-type": "application/json" }).end("{}")));
}

const certificates = {
  good: () => authority.issue({ name: "localhost" }),
  "not valid yet, as every one is to a clock of 1970": () => authority.issue({ name: "localhost", from: inYears(1) }),
  expired: () => authority.issue({ name: "localhost", from: inYears(-2), until: inYears(-1) }),
  "of another name": () => authority.issue({ name: "elsewhere.example" }),
  "of an authority that is not known": () => stranger.issue({ name: "localhost" }),
} satisfies Record<string, () => Identity>;

const causes = [
  ["not valid yet, as every one is to a clock of 1970", "network.clock", "Set the clock"],
  ["expired", "network.expired", "set the clock. If it is, tell whoever runs the service"],
  ["of another name", "network.stranger", "Check the address"],
  ["of an authority that is not known", "network.untrusted", "NODE_EXTRA_CA_CERTS"],
] as const;

async function fetched(url: string): Promise<Unreachable | "answered"> {
  try {
    await explainFailures({ fetch, clock: platform.clock })(url, {});
    return "answered";
  } catch (error) {
    if (error instanceof UnreachableError) return error.reason;
    throw error;
  }
}

/** The reason that a socket bears that did not open. */
function socketReason(url: string, variables: Record<string, string> = {}): Promise<Unreachable | undefined> {
  const socket = createSocket(variables)(url, ["tether.v1"]);
  return new Promise((resolve) => {
    socket.onerror = (event) => resolve((event as { error: { reason?: Unreachable } }).error.reason);
    socket.onopen = () => resolve(undefined);
  });
}

async function greeted(url: string): Promise<Unreachable | "answered"> {
  try {
    await createReach({}).greet(url, { unverified: false });
    return "answered";
  } catch (error) {
    return whyUnreachable(error, { url, now: platform.clock.now(), proxied: false });
  }
}

describe("a certificate", () => {
  test.each(causes)("that is %s is told as %s with a remedy: of a request, of a socket and by the doctor", async (which, code, remedy) => {
    const port = await serverOf(certificates[which]());
    const told = { code, says: expect.stringContaining(`localhost:${port}`), remedy: expect.stringContaining(remedy) };
    expect(await fetched(`https://localhost:${port}`)).toEqual(told);
    expect(await socketReason(`wss://localhost:${port}`)).toEqual(told);
    expect(await greeted(`https://localhost:${port}`)).toEqual(told);
  });

  test("that is good is no cause, and its authority and date are told", async () => {
    const port = await serverOf(certificates.good());
    const url = `https://localhost:${port}`;
    expect(await fetched(url)).toBe("answered");
    const { certificate, date } = await createReach({}).greet(url, { unverified: false });
    expect(certificate).toMatchObject({ issuer: "An authority of the test", until: Date.parse("2100-01-01") });
    expect(Math.abs((date ?? 0) - platform.clock.now())).toBeLessThan(60_000);
  });

  test("that is not valid yet keeps nobody from learning the server's time", async () => {
    const port = await serverOf(certificates["not valid yet, as every one is to a clock of 1970"]());
    const { date } = await createReach({}).greet(`https://localhost:${port}`, { unverified: true });
    expect(Math.abs((date ?? 0) - platform.clock.now())).toBeLessThan(60_000);
  });
});

test("a socket says of a closed port, a name that is none, a page in place of the broker and a cut what a request says", async () => {
  const closed = createTcpServer();
  const free = await listening(closed);
  await new Promise((resolve) => closed.close(resolve));
  expect(await socketReason(`ws://127.0.0.1:${free}`)).toMatchObject({ code: "network.refused" });
  expect(await socketReason("wss://no-such-host.invalid")).toMatchObject({ code: "network.unresolved" });
  const page = await listening(createHttpServer((_, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<p>")));
  expect(await socketReason(`ws://127.0.0.1:${page}`)).toMatchObject({ code: "network.handshake", says: expect.stringContaining("200") });
  const cut = await listening(createTcpServer((socket) => void socket.on("error", () => {}).destroy()));
  expect(await socketReason(`ws://127.0.0.1:${cut}`)).toMatchObject({ code: "network.cut" });
});

test("a proxy that refuses is named by the socket too", async () => {
  const proxy = createHttpServer();
  proxy.on("connect", (_, socket) => void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
  const port = await listening(proxy);
  expect(await socketReason("wss://broker.invalid", { HTTPS_PROXY: `http://127.0.0.1:${port}` })).toMatchObject({ code: "network.proxy" });
});
