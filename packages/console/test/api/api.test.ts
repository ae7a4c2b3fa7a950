import { problems } from "@tether/protocol/problem";
import { routes } from "@tether/sdk/api";
import { expect, test } from "vitest";
import { openApi } from "../../src/api/api.ts";
import { unreachable } from "../../src/api/failure.ts";

type Asked = { url: string; headers: Record<string, string> };

/** An API whose service gives these answers, one after the other. */
function createRig(...answers: (Response | "down")[]) {
  const asked: Asked[] = [];
  const tokens: boolean[] = [];
  const api = openApi({
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

const me = { id: "u", groups: [] };
const known = () => Response.json(me);

test("a token is asked for anew once the service holds it to be over", async () => {
  const { api, asked, tokens } = createRig(refusal("auth.expired"), known());
  expect(await api.call(routes.getMe, {})).toEqual({ value: me });
  expect([asked.map(({ headers }) => headers.authorization), tokens]).toEqual([
    ["Bearer first", "Bearer second"],
    [false, true],
  ]);
});

test("a refusal is told in the service's own words", async () => {
  const { api } = createRig(refusal("robot.unknown"));
  const { says, remedy } = problems["robot.unknown"];
  expect(await api.call(routes.getMe, {})).toMatchObject({ failure: { code: "robot.unknown", says, remedy } });
});

test("a service that is not heard, or only through another's page, is unreachable, also on the way through a list", async () => {
  const { api } = createRig("down", new Response("<h1>Bad gateway</h1>", { status: 502 }));
  expect(await api.call(routes.getMe, {})).toMatchObject({ failure: unreachable });
  expect(await api.call(routes.getMe, {})).toMatchObject({ failure: unreachable });
  expect(await api.list(routes.listRobots, {})).toMatchObject({ failure: unreachable });
});
