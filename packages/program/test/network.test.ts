import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { explainFailures, UnreachableError } from "../src/explain-failure.ts";
import { whyUnreachable } from "../src/network.ts";
import { createSkewNotice } from "../src/skew.ts";

const asked = { url: "https://api.example/v1/tickets/robot", now: 0, proxied: false };
const failed = (code: string, more: object = {}) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code, ...more }) });

test.each([
  ["ENOTFOUND", "network.unresolved"],
  ["EAI_AGAIN", "network.unresolved"],
  ["ECONNREFUSED", "network.refused"],
  ["ENETUNREACH", "network.unrouted"],
  ["UND_ERR_CONNECT_TIMEOUT", "network.silent"],
  ["ECONNRESET", "network.cut"],
  ["CERT_NOT_YET_VALID", "network.clock"],
  ["CERT_HAS_EXPIRED", "network.expired"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "network.untrusted"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "network.untrusted"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "network.stranger"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "network.plain"],
  ["ESOMETHING", "network.failed"],
])("%s beneath fetch's error is %s, with something to do", (code, told) => {
  expect(whyUnreachable(failed(code), asked)).toEqual({
    code: told,
    says: expect.stringMatching(/\.$/),
    remedy: expect.stringMatching(/./),
  });
});

test("a clock of 1970 is told by the certificate that is not valid yet, with the time that the machine believes", () => {
  const { says, remedy } = whyUnreachable(failed("CERT_NOT_YET_VALID"), asked);
  expect(says).toBe("The certificate of api.example is not valid yet by this machine's clock, which says 1970-01-01 00:00 UTC.");
  expect(remedy).toContain("timedatectl");
});

test("of several addresses that were tried, the first that says something counts", () => {
  const parts = [new Error("nothing"), Object.assign(new Error("refused"), { code: "ECONNREFUSED" })];
  expect(whyUnreachable(new TypeError("fetch failed", { cause: new AggregateError(parts) }), asked).code).toBe("network.refused");
});

test("a proxy that refuses is told with its status", () => {
  const error = new TypeError("fetch failed", { cause: new Error("Proxy response (407) !== 200 when HTTP Tunneling") });
  expect(whyUnreachable(error, asked)).toMatchObject({ code: "network.proxy", says: "The proxy refused to connect (status 407)." });
});

async function listening<Listener extends Server>(server: Listener): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const now = Date.UTC(2026, 0, 1);
const clock = { now: () => now, after: () => () => {} };
const reasonOf = (url: string) =>
  explainFailures({ fetch, clock })(url, {}).then(
    () => "answered",
    (error: unknown) => (error instanceof UnreachableError ? error.reason.code : error),
  );

test("what Node's own fetch says of a closed port, a name that is none, a cut and a peer without TLS is understood", async () => {
  const port = await listening(createServer((socket) => socket.destroy()));
  const talker = await listening(createServer((socket) => void socket.on("error", () => {}).end("HTTP/1.1 400 Bad Request\r\n\r\n")));
  const closed = createServer();
  const free = await listening(closed);
  await new Promise((resolve) => closed.close(resolve));
  expect(await reasonOf(`http://127.0.0.1:${free}`)).toBe("network.refused");
  expect(await reasonOf("http://no-such-host.invalid")).toBe("network.unresolved");
  expect(await reasonOf(`http://127.0.0.1:${port}`)).toBe("network.cut");
  expect(await reasonOf(`https://127.0.0.1:${talker}`)).toBe("network.plain");
});

test.each([
  ["a page in place of the API", 200, "text/html", "network.captive"],
  ["a network that asks for a sign-in", 511, "text/plain", "network.captive"],
  ["a gateway's page of its own outage", 502, "text/html", "answered"],
  ["the API", 200, "application/json", "answered"],
])("%s is told apart", async (_, status, type, told) => {
  const port = await listening(
    createHttpServer((_request, response) => void response.writeHead(status, { "content-type": type }).end("{}")),
  );
  expect(await reasonOf(`http://127.0.0.1:${port}`)).toBe(told);
});

test("the Date of an answer tells how far this machine's clock is off, once, and that it is right again", async () => {
  let date = new Date(now);
  const answer = async () => new Response("{}", { headers: { date: date.toUTCString() } });
  const said: string[] = [];
  const heard = createSkewNotice((words) => void said.push(words));
  const ask = explainFailures({ fetch: answer, clock, onClock: heard });
  for (const aheadMs of [0, 60_000, 3 * 3_600_000, 3 * 3_600_000, -120_000, 0]) {
    date = new Date(now + aheadMs);
    await ask(asked.url, {});
  }
  expect(said).toEqual([
    "This machine's clock is 3 hours behind the service's. Set it: sudo timedatectl set-ntp true.",
    "This machine's clock is right again.",
  ]);
});
