import { Health } from "@tether/protocol/http";
import { problems } from "@tether/protocol/problem";
import { expect, test } from "vitest";
import { createApi } from "../../src/api/api.ts";
import { unreachable } from "../../src/api/failure.ts";
import { loadAll } from "../../src/api/pages.ts";

type Asked = { url: string; headers: Record<string, string> };

/** An API whose service gives these answers, one after the other. */
function createRig(...answers: (Response | "down")[]) {
  const asked: Asked[] = [];
  const tokens: boolean[] = [];
  const api = createApi({
    origin: "https://api.example.org",
    token: async (anew = false) => {
      tokens.push(anew);
      return anew ? "second" : "first";
    },
    fetch: async (url, { headers }) => {
      asked.push({ url, headers: headers as Record<string, string> });
      const answer = answers.shift();
      if (answer === undefined || answer === "down") throw new TypeError("failed to fetch");
      return answer;
    },
  });
  return { api, asked, tokens };
}

function refusal(code: keyof typeof problems): Response {
  const { status, says, remedy } = problems[code];
  const body = { type: `https://console.example/problems/${code}.html`, title: says, detail: remedy, status, code, serverTime: 1 };
  return Response.json(body, { status });
}

const healthy = () => Response.json({ status: "ok", serverTime: 1 });

test("the token goes into a header, never into the address", async () => {
  const { api, asked } = createRig(healthy());
  expect(await api.get(Health, "/health")).toEqual({ value: { status: "ok", serverTime: 1 } });
  expect(asked).toEqual([{ url: "https://api.example.org/v1/health", headers: { authorization: "Bearer first" } }]);
});

test("a refusal is told in the service's own words", async () => {
  const { api } = createRig(refusal("robot.unknown"));
  const { says, remedy } = problems["robot.unknown"];
  expect(await api.get(Health, "/health")).toEqual({ failure: { code: "robot.unknown", says, remedy } });
});

test("a token that the service holds to be over is renewed once, and the same is asked again", async () => {
  const { api, asked } = createRig(refusal("auth.expired"), healthy());
  expect(await api.send(Health, "POST", "/robots", { body: {}, idempotencyKey: "k" })).toHaveProperty("value");
  expect(asked.map(({ headers }) => [headers.authorization, headers["idempotency-key"]])).toEqual([
    ["Bearer first", "k"],
    ["Bearer second", "k"],
  ]);
});

test("a renewed token that is refused as well is not renewed again", async () => {
  const { api, tokens } = createRig(refusal("auth.expired"), refusal("auth.expired"));
  expect(await api.get(Health, "/health")).toHaveProperty("failure.code", "auth.expired");
  expect(tokens).toEqual([false, true]);
});

test("a service that is not heard, or only through another's page, is unreachable", async () => {
  const { api } = createRig("down", new Response("<h1>Bad gateway</h1>", { status: 502 }));
  expect(await api.get(Health, "/health")).toEqual({ failure: unreachable });
  expect(await api.get(Health, "/health")).toEqual({ failure: unreachable });
});

test("an answer of another form is a failure, not a value", async () => {
  const { api } = createRig(Response.json({ status: "fine" }));
  expect(await api.get(Health, "/health")).toHaveProperty("failure.code", "answer.invalid");
});

test("a list is followed to its end, and a failure on the way is the whole's", async () => {
  const page = (items: number[], cursor?: string) => ({ value: { items, cursor } });
  const asked: string[] = [];
  const pages = [page([1, 2], "a b"), page([3])];
  const load = async (query: string) => {
    asked.push(query);
    return pages.shift() ?? { failure: unreachable };
  };
  expect(await loadAll(load)).toEqual({ value: [1, 2, 3] });
  expect(asked).toEqual(["", "?cursor=a%20b"]);
  expect(await loadAll(load)).toEqual({ failure: unreachable });
});
