import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { realClock } from "../../src/clock/real.ts";
import { seededRandom } from "../../src/fault/random.ts";
import { createHttpApi, type HttpResult } from "../../src/gateway/http-api.ts";
import type { HttpEvent } from "../../src/gateway/http-event.ts";
import { createWorld, owner } from "../world/world.ts";

/** A page's call as a browser makes it: the preflight, then the request, each with what the Fetch standard looks at. */
async function callFromPage(world: Awaited<ReturnType<typeof createWorld>>, origin: string): Promise<string> {
  const preflight = await world.call("OPTIONS", "/v1/robots", {
    headers: { origin, "access-control-request-method": "GET", "access-control-request-headers": "authorization" },
  });
  const allows = (headers: Headers) => headers.get("access-control-allow-origin") === origin;
  if (!allows(preflight.headers) || !/\bauthorization\b/.test(preflight.headers.get("access-control-allow-headers") ?? ""))
    return "no preflight";
  const { status, headers } = await world.call("GET", "/v1/robots", { as: owner, headers: { origin } });
  return allows(headers) ? String(status) : "no answer";
}

test("a page of ours calls the API, and one of another origin does not", async () => {
  const world = await createWorld();
  expect(await callFromPage(world, world.system.origin)).toBe("200");
  expect(await callFromPage(world, "https://evil.example")).toBe("no preflight");
});

test("a gateway with a CORS configuration, be it an empty one, answers preflights itself and drops the API's own CORS headers", async () => {
  const empty = await createWorld({ cors: {} });
  expect(await callFromPage(empty, empty.system.origin)).toBe("no preflight");
  const { headers } = await empty.call("GET", "/v1/health", { headers: { origin: empty.system.origin } });
  expect(headers.get("access-control-allow-origin")).toBeNull();
  const full = await createWorld({ cors: { allowOrigins: ["*"], allowMethods: ["GET"], allowHeaders: ["authorization"] } });
  const preflight = { origin: "https://any.example", "access-control-request-method": "GET" };
  expect((await full.call("OPTIONS", "/v1/robots", { headers: preflight })).headers.get("access-control-allow-origin")).toBe("*");
});

async function startApi(handler: (event: HttpEvent) => Promise<HttpResult>): Promise<string> {
  const api = createHttpApi({
    clock: realClock,
    random: seededRandom(1),
    handler,
    account: { admits: () => true, enter: () => () => {} },
    coldStart: async () => {},
  });
  const server = createServer((request, response) => api.handle(request, response));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

test.each([
  ["/v1/users/a%7Cb", "/v1/users/a|b", ""],
  ["/v1/users/a%2Fb?x=%2F", "/v1/users/a/b", "x=%2F"],
  ["/v1/users/a%252Fb", "/v1/users/a%2Fb", ""],
  ["/v1/users/a%3Fb/end?x=1", "/v1/users/a", "x=1"],
  ["/v1/users/a%23b", "/v1/users/a#b", ""],
])("%s reaches the Lambda as %s with the query “%s” as it was written", async (asked, rawPath, rawQueryString) => {
  const seen: HttpEvent[] = [];
  const origin = await startApi(async (event) => {
    seen.push(event);
    return { statusCode: 200 };
  });
  await fetch(`${origin}${asked}`);
  expect(seen).toMatchObject([{ rawPath, rawQueryString, requestContext: { http: { path: rawPath } } }]);
});

test("a path that cannot be decoded is answered 400, a body of more than 10 MB 413, and a Lambda that failed 500", async () => {
  const failing = async () => Promise.reject(new Error("no"));
  const origin = await startApi(failing);
  expect((await fetch(`${origin}/%zz`)).status).toBe(400);
  expect((await fetch(origin, { method: "POST", body: "x".repeat(10 * 1024 * 1024 + 1) })).status).toBe(413);
  expect((await fetch(origin)).status).toBe(500);
});

test("bodies, cookies and what the Lambda says pass unchanged", async () => {
  const seen: HttpEvent[] = [];
  const origin = await startApi(async (event) => {
    seen.push(event);
    return { statusCode: 201, headers: { "x-of": "ours" }, cookies: ["a=1", "b=2"], body: "aGk=", isBase64Encoded: true };
  });
  const headers = { cookie: "c=3; d=4", "content-type": "application/json" };
  const response = await fetch(origin, { method: "POST", body: '{"a":"ö"}', headers });
  expect(seen).toMatchObject([{ body: '{"a":"ö"}', isBase64Encoded: false, cookies: ["c=3", "d=4"] }]);
  expect([response.status, response.headers.get("x-of"), response.headers.getSetCookie(), await response.text()]).toEqual([
    201,
    "ours",
    ["a=1", "b=2"],
    "hi",
  ]);
});
