import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { problems } from "@tether/protocol/problem";
import { expect, test } from "vitest";
import { createApi, routes } from "../../src/api/index.ts";

type Sent = { url: string; method: string | undefined; headers: Record<string, string>; body: unknown };

/** A client whose service gives these answers, one after the other, and then none. */
function createRig(...answers: (Response | "down")[]) {
  const sent: Sent[] = [];
  const tokens: boolean[] = [];
  const api = createApi({
    api: "https://api.example.org",
    async token({ fresh }) {
      tokens.push(fresh);
      return fresh ? "second" : "first";
    },
    async fetch(url, { method, headers, body }) {
      sent.push({ url, method, headers: headers as Record<string, string>, body });
      const answer = answers.shift();
      if (answer === undefined || answer === "down") throw new TypeError("failed to fetch");
      return answer;
    },
  });
  return { api, sent, tokens };
}

function refusal(code: keyof typeof problems, headers: Record<string, string> = {}): Response {
  const { status, says, remedy } = problems[code];
  const body = { type: `urn:tether:problem:${code}`, title: says, detail: remedy, status, code, serverTime: 1 };
  return Response.json(body, { status, headers });
}

const me = { id: "u", groups: [] };

test("the token goes into a header, never into the address", async () => {
  const { api, sent } = createRig(Response.json(me));
  expect(await api.call(routes.getMe, {})).toEqual({ value: me });
  const headers = { authorization: "Bearer first" };
  expect(sent).toEqual([{ url: "https://api.example.org/v1/users/me", method: "GET", headers, body: undefined }]);
});

test("a route that nobody has to sign in for is asked without a token", async () => {
  const health = { status: "ok", serverTime: 1 };
  const { api, sent, tokens } = createRig(Response.json(health));
  expect(await api.call(routes.getHealth, {})).toEqual({ value: health });
  expect([sent[0]?.headers, tokens]).toEqual([{}, []]);
});

test("parameters, query and body go to their places, and none can leave its own", async () => {
  const { api, sent } = createRig(new Response(null, { status: 204 }), new Response(null, { status: 204 }));
  const robot = "../users?sub=x#";
  expect(await api.call(routes.revokeGrant, { params: { robot }, query: { to: "email:a&b@c.d" } })).toEqual({ value: undefined });
  await api.call(routes.stopRobot, { params: { robot: "rob_1" }, body: { reason: "smoke" } });
  expect(sent.map(({ url, body }) => [url, body])).toEqual([
    ["https://api.example.org/v1/robots/..%2Fusers%3Fsub%3Dx%23/grants?to=email%3Aa%26b%40c.d", undefined],
    ["https://api.example.org/v1/robots/rob_1/stop", `{"reason":"smoke"}`],
  ]);
});

test("a refusal has the service's own words, its problem, its status and its wait", async () => {
  const { api } = createRig(refusal("rate.limited", { "retry-after": "7" }));
  const { status, says, remedy } = problems["rate.limited"];
  expect(await api.call(routes.getMe, {})).toMatchObject({
    failure: { code: "rate.limited", says, remedy, status, afterMs: 7_000, problem: { code: "rate.limited", serverTime: 1 } },
  });
});

test("a token that the service holds to be over is renewed once, and the same is asked again", async () => {
  const { api, sent } = createRig(refusal("auth.expired"), refusal("robot.unknown"));
  await api.call(routes.createRobot, { body: { name: "Rover" }, idempotencyKey: "k" });
  expect(sent.map(({ headers, body }) => [headers.authorization, headers["idempotency-key"], body])).toEqual([
    ["Bearer first", "k", `{"name":"Rover"}`],
    ["Bearer second", "k", `{"name":"Rover"}`],
  ]);
  const twice = createRig(refusal("auth.expired"), refusal("auth.expired"));
  expect(await twice.api.call(routes.getMe, {})).toHaveProperty("failure.code", "auth.expired");
  expect(twice.tokens).toEqual([false, true]);
});

test("where nobody is signed in, or no token can be had, the service is not asked", async () => {
  const asked: string[] = [];
  const fetch = async (url: string) => {
    asked.push(url);
    return Response.json(me);
  };
  const nobody = createApi({ api: "https://api.example.org", fetch, token: async () => undefined });
  expect(await nobody.call(routes.getMe, {})).toMatchObject({ failure: { code: "auth.missing", status: undefined } });
  const broken = createApi({ api: "https://api.example.org", fetch, token: () => Promise.reject(new Error("popup closed")) });
  expect(await broken.call(routes.getMe, {})).toMatchObject({ failure: { code: "token.failed", status: undefined } });
  expect(asked).toEqual([]);
});

test("no answer, another's page and an answer of another form are failures, each with its words", async () => {
  const { api } = createRig("down", new Response("<h1>Bad gateway</h1>", { status: 502 }), Response.json({ id: 5 }));
  expect(await api.call(routes.getMe, {})).toMatchObject({ failure: { code: "network.failed", status: undefined } });
  expect(await api.call(routes.getMe, {})).toMatchObject({ failure: { code: "network.failed", status: 502, problem: undefined } });
  expect(await api.call(routes.getMe, {})).toMatchObject({ failure: { code: "answer.invalid", status: 200 } });
});

test("a list is followed to its end, as far as its reader wants, or so many pages; a failure on the way is the whole's", async () => {
  const grant = (name: string) => ({ to: `sub:${name}`, role: "viewer", givenAt: 1, givenBy: "o" });
  const page = (names: string[], cursor?: string) => Response.json({ items: names.map(grant), ...(cursor && { cursor }) });
  const asked = { params: { robot: "rob_1" } };
  const whole = createRig(page(["a", "b"], "c d"), page(["c"]));
  expect(await whole.api.list(routes.listGrants, asked)).toEqual({ value: ["a", "b", "c"].map(grant) });
  expect(whole.sent.map(({ url }) => new URL(url).search)).toEqual(["", "?cursor=c+d"]);
  const enough = createRig(page(["a"], "2"), page(["b"], "3"));
  const until = { enough: (items: readonly { to: string }[]) => items.some(({ to }) => to === "sub:b") };
  expect(await enough.api.list(routes.listGrants, asked, until)).toEqual({ value: ["a", "b"].map(grant) });
  const one = createRig(page(["a"], "2"));
  expect(await one.api.list(routes.listGrants, asked, { pages: 1 })).toEqual({ value: [grant("a")] });
  const failing = createRig(page(["a"], "2"), refusal("access.denied"));
  expect(await failing.api.list(routes.listGrants, asked)).toHaveProperty("failure.code", "access.denied");
});

test("no program of ours writes an address of the API by hand: all ask by this client", () => {
  const packages = join(import.meta.dirname, "../../..");
  const sources = globSync("{agent,cli,console,program,sdk}/src/**/*.{ts,tsx}", { cwd: packages });
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.filter((path) => /\/v1\b/.test(readFileSync(join(packages, path), "utf8")))).toEqual([]);
});
