import { type ProblemCode, type ProblemDetails, problems } from "@tether/protocol/problem";

type Asked = { readonly url: string; readonly authorization: string | undefined; readonly body: Record<string, unknown> };

function details(code: ProblemCode, serverTime = 0): ProblemDetails {
  const { status, says, remedy } = problems[code];
  return { type: `https://console.example/problems/${code}.html`, title: says, status, detail: remedy, code, serverTime };
}

/** An API that gives the answers it was given, in order, and notes what it was asked. */
export function createService() {
  const asked: Asked[] = [];
  const answers: (() => Response)[] = [];
  return {
    asked,
    gives: (body: unknown, status = 200, headers: Record<string, string> = {}) =>
      void answers.push(() => new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers })),
    refuses(code: ProblemCode, serverTime = 0, headers: Record<string, string> = {}) {
      answers.push(() => new Response(JSON.stringify(details(code, serverTime)), { status: problems[code].status, headers }));
    },
    async fetch(url: string, init: RequestInit): Promise<Response> {
      const headers = new Headers(init.headers);
      asked.push({ url, authorization: headers.get("authorization") ?? undefined, body: JSON.parse(String(init.body)) });
      const next = answers.shift();
      if (!next) throw new TypeError("network");
      return next();
    },
  };
}
